"""Who is signed in, and whether they may open this address: asked before a body is read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from core.errors import DomainError, refuse
from core.master.rights import Right, require
from core.master.users import MustWait, begin_sign_in, finish_sign_in, get_user, verify
from web.catalogues import best_language
from web.security import Signer, equal
from web.sessions import ABSOLUTE_LIMIT, OpenedSession, SignedIn, find_session, open_session, touch_session
from web.view import NOBODY, DeskContext, DeskParts

SESSION_COOKIE = "inkoop_session"
VISIT_COOKIE = "inkoop_visit"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
SAFE_METHODS = ("GET", "HEAD")
FORM_TYPE = "application/x-www-form-urlencoded"

Kind = Literal["page", "action", "api"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route says about itself. Exactly one of `right` and `public` is given.

    `while_new`: also for someone who still has to change a one-time password.
    """

    kind: Kind
    method: str
    path: str
    right: Right | None
    public: bool
    while_new: bool


class NotSignedIn(Exception):
    """Nobody is signed in, or not any more: a page goes to the sign-in, a script gets 401."""


class PasswordMustChange(Exception):
    """Signed in with a one-time password, which must be changed before anything else."""


async def authorise(request: Request, declaration: Declaration) -> DeskContext:
    """Find out who asks and let them through, or raise.

    Raises NotSignedIn, PasswordMustChange, or DomainError with right_missing, csrf_refused or
    other_site_refused. Nothing of the body has been read then, except a form that carries the token itself.
    """
    desk = await run_in_threadpool(identify, request)
    session = desk.session
    request.state.desk = desk
    if not declaration.public:
        if session is None:
            raise NotSignedIn
        if session.must_change_password and not declaration.while_new:
            raise PasswordMustChange
        assert declaration.right is not None
        require(session.actor, declaration.right)
    if request.method not in SAFE_METHODS:
        await _refuse_forged(request, desk)
    return desk


def identify(request: Request) -> DeskContext:
    """Who asks, from the cookie and the database."""
    parts: DeskParts = request.app.state.desk
    return _make_context(request, parts, _find_session(parts, request))


def _make_context(request: Request, parts: DeskParts, session: SignedIn | None) -> DeskContext:
    """The context of one request; without a session, the sign-in form's own token pair."""
    if session is not None:
        return DeskContext(request, parts, session, session.language, session.csrf)
    language = best_language(request.headers.get("accept-language", ""))
    visit = request.cookies.get(VISIT_COOKIE)
    if visit is None or not _is_visit(parts.signer, visit):
        visit = parts.signer.sign("visit", secrets.token_urlsafe(16))
    return DeskContext(request, parts, None, language, parts.signer.token("visit", visit), visit)


@dataclass(frozen=True, slots=True)
class SignInResult:
    """What a try led to: a session, or why not. Nothing tells a wrong name from a wrong password."""

    opened: OpenedSession | None
    wait_seconds: int = 0


def sign_in(parts: DeskParts, user_no: str, password: str, address: str) -> SignInResult:
    """Try a name and password. Verifying takes a tenth of a second, so no transaction is open meanwhile."""
    with parts.runtime.work(NOBODY) as work:
        tried = begin_sign_in(work, user_no, address)
    if isinstance(tried, MustWait):
        return SignInResult(None, tried.seconds)
    if not verify(tried.password_hash, password):
        return SignInResult(None)
    with parts.runtime.work(NOBODY) as work:
        user = finish_sign_in(work, tried)
        return SignInResult(None if user is None else open_session(work, user))


def start_session(parts: DeskParts, user_no: str) -> OpenedSession:
    """A new session for someone who proved who they are, such as by the old password."""
    with parts.runtime.work(NOBODY) as work:
        return open_session(work, get_user(work, user_no))


def set_session_cookie(desk: DeskContext, response: Response, session_id: str) -> None:
    """Hand the browser its signed id, a new one at each sign-in: one that was planted is worth nothing."""
    response.set_cookie(
        SESSION_COOKIE,
        desk.parts.signer.sign("session", session_id),
        max_age=int(ABSOLUTE_LIMIT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=desk.is_secure,
        path="/",
    )


def set_visit_cookie(desk: DeskContext, response: Response) -> None:
    """Hand the browser the other half of the sign-in form's token."""
    if desk.visit is not None:
        response.set_cookie(
            VISIT_COOKIE, desk.visit, httponly=True, samesite="lax", secure=desk.is_secure, path="/"
        )


def clear_session_cookie(desk: DeskContext, response: Response) -> None:
    """Forget the session in the browser; the database has ended it already."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=desk.is_secure)


def _find_session(parts: DeskParts, request: Request) -> SignedIn | None:
    signed = request.cookies.get(SESSION_COOKIE)
    if not signed:
        return None
    session_id = parts.signer.unsign("session", signed, int(ABSOLUTE_LIMIT.total_seconds()))
    if not isinstance(session_id, str):
        return None
    with parts.runtime.reading(NOBODY) as work:
        session = find_session(work, session_id)
    if session is not None and session.is_stale:
        with parts.runtime.work(NOBODY) as work:
            touch_session(work, session.id_hash)
    return session


def _is_visit(signer: Signer, visit: str) -> bool:
    return signer.unsign("visit", visit, int(ABSOLUTE_LIMIT.total_seconds())) is not None


async def _refuse_forged(request: Request, desk: DeskContext) -> None:
    """A write must come from a page of this desk: by what the browser says and by the session's token."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise refuse("other_site_refused")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise refuse("other_site_refused")
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(FORM_TYPE):
        form = await request.form()
        given = str(form.get(CSRF_FIELD, ""))
    is_bound = desk.session is not None or request.cookies.get(VISIT_COOKIE) == desk.visit
    if not is_bound or not equal(given, desk.csrf):
        raise refuse("csrf_refused")


def is_refused_right(error: DomainError) -> bool:
    """Whether the refusal is about who asks, not about what was asked."""
    return error.code in ("right_missing", "csrf_refused", "other_site_refused")
