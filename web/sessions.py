"""Sessions: the browser holds a random id, the database everything else, so that any session can be ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, or_

from core.master.users import User, WebSession, actor_of
from core.work import Actor, Work

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
TOUCH_AFTER = timedelta(seconds=60)
KEEP_ENDED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a session now: the roles are those of this moment, not of the sign-in."""

    id_hash: str
    csrf: str
    actor: Actor
    language: str
    theme: str
    density: str
    single_keys: bool
    must_change_password: bool
    is_stale: bool  # last_seen_at should be moved on


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session: its id, which is kept nowhere, and the token that every write must carry."""

    session_id: str
    csrf: str


def open_session(work: Work, user: User) -> OpenedSession:
    """Start a session. Sessions that ended long ago are cleared away."""
    opened = OpenedSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    work.session.execute(
        delete(WebSession).where(
            or_(
                WebSession.created_at < work.now - ABSOLUTE_LIMIT - KEEP_ENDED_FOR,
                WebSession.last_seen_at < work.now - IDLE_LIMIT - KEEP_ENDED_FOR,
            )
        )
    )
    work.session.add(
        WebSession(
            id_hash=_hash(opened.session_id),
            user_no=user.user_no,
            csrf=opened.csrf,
            created_at=work.now,
            last_seen_at=work.now,
            revoked=False,
        )
    )
    work.session.flush()
    return opened


def find_session(work: Work, session_id: str) -> SignedIn | None:
    """Who the session belongs to; None when it is unknown, ended, 30 minutes idle or 12 hours old."""
    row = work.session.get(WebSession, _hash(session_id))
    if row is None or row.revoked:
        return None
    if row.last_seen_at < work.now - IDLE_LIMIT or row.created_at < work.now - ABSOLUTE_LIMIT:
        return None
    user = work.session.get(User, row.user_no)
    if user is None or not user.is_active:
        return None
    return SignedIn(
        id_hash=row.id_hash,
        csrf=row.csrf,
        actor=actor_of(work, user),
        language=user.language,
        theme=user.theme,
        density=user.density,
        single_keys=user.single_keys,
        must_change_password=user.must_change_password,
        is_stale=row.last_seen_at < work.now - TOUCH_AFTER,
    )


def touch_session(work: Work, id_hash: str) -> None:
    """Note that the session was used now."""
    row = work.session.get(WebSession, id_hash)
    if row is not None:
        row.last_seen_at = work.now


def end_session(work: Work, id_hash: str) -> None:
    """End one session."""
    row = work.session.get(WebSession, id_hash)
    if row is not None:
        row.revoked = True


def _hash(session_id: str) -> str:
    return sha256(session_id.encode()).hexdigest()
