"""People who sign in: their roles, their password and their sessions.

Roles add up; separations of duty (S1 to S8) always win and are enforced per person where they apply. Here
S4: no one gives themselves a role. The machine is no user: it has an identity of its own and no password
(S6).
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Boolean, ForeignKey, Integer, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, Moment, UtcDateTime
from core.errors import refuse
from core.work import Actor, Work


class Role(StrEnum):
    """The eight roles of the matrix (reliability-security.md, Authorisation matrix)."""

    CLERK = "clerk"
    APPROVER = "approver"
    PURCHASER = "purchaser"
    BOOKKEEPER = "bookkeeper"
    TREASURER = "treasurer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"


class User(Base):
    """Someone who may sign in. `user_no` is the name typed at sign-in, in lower case.

    `theme` is system, light or dark; `single_keys` tells whether single letters act (WCAG 2.1.4).
    """

    __tablename__ = "app_user"

    user_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="en")
    theme: Mapped[str] = mapped_column(String(10), default="system")
    density: Mapped[str] = mapped_column(String(10), default="normal")
    single_keys: Mapped[bool] = mapped_column(Boolean, default=True)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=True)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Moment]
    version: Mapped[int] = mapped_column(Integer, default=1)


class UserRole(Base):
    """One role of one user, with who gave it and when."""

    __tablename__ = "user_role"

    user_no: Mapped[str] = mapped_column(ForeignKey("app_user.user_no"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[Moment]


class WebSession(Base):
    """A signed-in browser. Only the hash of its random id is kept: a copy of the database opens no desk."""

    __tablename__ = "web_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_no: Mapped[str] = mapped_column(ForeignKey("app_user.user_no"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    revoked: Mapped[bool] = mapped_column(Boolean, default=False)


class SignInThrottle(Base):
    """Failed tries for one typed name (`user:kim`) or one address (`address:10.0.0.4`).

    A name is counted whether it exists or not, so that the wait does not tell which names exist.
    """

    __tablename__ = "sign_in_throttle"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    last_failed_at: Mapped[Moment]
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime())


THEMES = ("system", "light", "dark")
DENSITIES = ("compact", "normal", "roomy")
LEAST_PASSWORD_LENGTH = 12
GREATEST_PASSWORD_LENGTH = 256
FREE_FAILURES = 4
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
WAIT_STEPS = 5  # 15, 30, 60, 120, 240 s; from the tenth failure on the longest wait: 10 tries in 15 minutes
FORGET_USER_AFTER = timedelta(hours=24)
FORGET_ADDRESS_AFTER = LONGEST_WAIT
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and digits that look alike

_hasher = PasswordHasher()
# Verified when the name does not exist, so that both answers take as long (check 37: no user enumeration).
_NOBODY = _hasher.hash(secrets.token_urlsafe(32))


def one_time_password() -> str:
    """A random password for the first sign-in: four groups of four, 79 bits, easy to read aloud."""
    groups = ("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def create_user(
    work: Work,
    user_no: str,
    name: str,
    roles: Iterable[Role],
    password: str,
    *,
    language: str = "en",
    must_change_password: bool = True,
) -> User:
    """Make a user who can sign in; the password is a one-time one unless said otherwise.

    Raises user_no_unusable, user_exists, user_name_missing, roles_missing, machine_role, password_short,
    password_long, password_is_name.
    """
    key = user_no.strip().casefold()
    wanted = _checked_roles(roles)
    if not key or len(key) > 40 or not all(sign.isalnum() or sign in "._-" for sign in key):
        raise refuse("user_no_unusable", field="user_no", user_no=user_no)
    if key == "machine" or find_user(work, key) is not None:
        raise refuse("user_exists", field="user_no", user_no=key)
    if not name.strip():
        raise refuse("user_name_missing", field="name")
    check_password(password, user_no=key)
    user = User(
        user_no=key,
        name=name.strip()[:100],
        password_hash=_hasher.hash(password),
        language=language,
        theme="system",
        density="normal",
        single_keys=True,
        must_change_password=must_change_password,
        is_active=True,
        created_by=work.actor.user_no,
        created_at=work.now,
        version=1,
    )
    work.session.add(user)
    work.session.flush()
    _write_roles(work, key, wanted)
    return user


def find_user(work: Work, user_no: str) -> User | None:
    """The user of that name, in whatever case it was typed."""
    return work.session.get(User, user_no.strip().casefold())


def get_user(work: Work, user_no: str) -> User:
    """The user of that name. Raises user_not_found."""
    user = find_user(work, user_no)
    if user is None:
        raise refuse("user_not_found", user_no=user_no)
    return user


def list_users(work: Work) -> list[User]:
    """Every user, in order of name typed at sign-in."""
    return list(work.session.scalars(select(User).order_by(User.user_no)))


def roles_of(work: Work, user_no: str) -> frozenset[Role]:
    """The roles that count now."""
    rows = work.session.scalars(select(UserRole.role).where(UserRole.user_no == user_no))
    return frozenset(Role(row) for row in rows)


def actor_of(work: Work, user: User) -> Actor:
    """Who acts when this user acts, with the roles that count now."""
    return Actor(user.user_no, user.name, frozenset(role.value for role in roles_of(work, user.user_no)))


def set_roles(work: Work, user_no: str, roles: Iterable[Role]) -> None:
    """Give a user exactly these roles.

    Raises own_roles when someone changes their own (S4), machine_role, roles_missing, last_administrator.
    """
    user = get_user(work, user_no)
    wanted = _checked_roles(roles)
    if user.user_no == work.actor.user_no:
        raise refuse("own_roles", field="roles")
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(work, user)
    work.session.execute(delete(UserRole).where(UserRole.user_no == user.user_no))
    _write_roles(work, user.user_no, wanted)
    user.version += 1


def set_active(work: Work, user_no: str, *, is_active: bool) -> None:
    """Let a user sign in, or not any more; then all their sessions end.

    Raises own_account, last_administrator.
    """
    user = get_user(work, user_no)
    if user.user_no == work.actor.user_no:
        raise refuse("own_account")
    if not is_active:
        _keep_an_administrator(work, user)
        revoke_sessions(work, user.user_no)
    user.is_active = is_active
    user.version += 1


def reset_password(work: Work, user_no: str) -> str:
    """Give a user a new one-time password, which is returned, and end all their sessions."""
    user = get_user(work, user_no)
    password = one_time_password()
    user.password_hash = _hasher.hash(password)
    user.must_change_password = True
    user.version += 1
    revoke_sessions(work, user.user_no)
    work.session.execute(delete(SignInThrottle).where(SignInThrottle.key == _user_key(user.user_no)))
    return password


def change_password(work: Work, user_no: str, old: str, new: str) -> None:
    """Change one's own password; all sessions end, the caller opens a new one.

    Raises password_wrong, password_same, password_short, password_long, password_is_name.
    """
    user = get_user(work, user_no)
    if not verify(user.password_hash, old):
        raise refuse("password_wrong", field="old")
    if old == new:
        raise refuse("password_same", field="new")
    check_password(new, user_no=user.user_no, field="new")
    user.password_hash = _hasher.hash(new)
    user.must_change_password = False
    user.version += 1
    revoke_sessions(work, user.user_no)


def revoke_sessions(work: Work, user_no: str) -> None:
    """Sign a user out everywhere."""
    work.session.execute(update(WebSession).where(WebSession.user_no == user_no).values(revoked=True))


def check_password(password: str, *, user_no: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long or the user's own name repeated (NIST 800-63B)."""
    if len(password) < LEAST_PASSWORD_LENGTH:
        raise refuse("password_short", field=field, least=LEAST_PASSWORD_LENGTH)
    if len(password) > GREATEST_PASSWORD_LENGTH:
        raise refuse("password_long", field=field, greatest=GREATEST_PASSWORD_LENGTH)
    if password.casefold().strip() in (user_no * 4, user_no * 5) or len(set(password)) < 4:
        raise refuse("password_is_name", field=field)


@dataclass(frozen=True, slots=True)
class SignInTry:
    """A counted try: what to verify the password with, outside any transaction. Hash and keys are no secrets
    of the caller's: `password_hash` belongs to nobody when the name does not exist."""

    user_no: str
    password_hash: str
    address: str


@dataclass(frozen=True, slots=True)
class MustWait:
    """Too many failed tries: the next one counts after so many seconds."""

    seconds: int


def begin_sign_in(work: Work, user_no: str, address: str) -> SignInTry | MustWait:
    """Count a try as failed before its password is looked at: tries at once do not slip past the wait."""
    name = user_no.strip().casefold()[:80]
    rows = [_throttle(work, _user_key(name)), _throttle(work, f"address:{address[:80]}")]
    waits = [row.wait_until - work.now for row in rows if row.wait_until and row.wait_until > work.now]
    if waits:
        return MustWait(max(1, math.ceil(max(waits).total_seconds())))
    for row, forget_after in zip(rows, (FORGET_USER_AFTER, FORGET_ADDRESS_AFTER), strict=True):
        if row.last_failed_at < work.now - forget_after:
            row.failures = 0
        row.failures += 1
        row.last_failed_at = work.now
        row.wait_until = work.now + _wait(row.failures) if row.failures > FREE_FAILURES else None
    user = find_user(work, name)
    known = user is not None and user.is_active
    return SignInTry(name, user.password_hash if user is not None and known else _NOBODY, address)


def finish_sign_in(work: Work, tried: SignInTry) -> User | None:
    """The user, whose password was right, with their failures forgotten. None if deactivated meanwhile."""
    user = find_user(work, tried.user_no)
    if user is None or not user.is_active:
        return None
    work.session.execute(delete(SignInThrottle).where(SignInThrottle.key == _user_key(tried.user_no)))
    address = work.session.get(SignInThrottle, f"address:{tried.address[:80]}")
    if address is not None:  # this try was no failure; earlier ones from the address still count
        address.failures = max(0, address.failures - 1)
        address.wait_until = None
    return user


def authenticate(work: Work, user_no: str, password: str, address: str = "local") -> User | MustWait | None:
    """The user if name and password are right, None if not, MustWait after too many tries.

    For a command, in one transaction. The page opens two, because verifying takes a tenth of a second.
    """
    tried = begin_sign_in(work, user_no, address)
    if isinstance(tried, MustWait):
        return tried
    return finish_sign_in(work, tried) if verify(tried.password_hash, password) else None


def verify(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash. Argon2id, with a cost of about a tenth of a second."""
    try:
        return _hasher.verify(password_hash, password[:GREATEST_PASSWORD_LENGTH])
    except (VerificationError, InvalidHashError):
        return False


def _wait(failures: int) -> timedelta:
    step = failures - FREE_FAILURES - 1
    return LONGEST_WAIT if step >= WAIT_STEPS else FIRST_WAIT * 2**step


def _user_key(user_no: str) -> str:
    return f"user:{user_no}"


def _throttle(work: Work, key: str) -> SignInThrottle:
    row = work.session.get(SignInThrottle, key, with_for_update=True)
    if row is None:
        row = SignInThrottle(key=key, failures=0, last_failed_at=work.now)
        work.session.add(row)
        work.session.flush()
    return row


def _checked_roles(roles: Iterable[Role]) -> Collection[Role]:
    wanted = sorted(set(roles))
    if not wanted:
        raise refuse("roles_missing", field="roles")
    if Role.MACHINE in wanted:
        raise refuse("machine_role", field="roles")
    return wanted


def _write_roles(work: Work, user_no: str, roles: Collection[Role]) -> None:
    work.session.add_all(
        UserRole(user_no=user_no, role=role.value, given_by=work.actor.user_no, given_at=work.now)
        for role in roles
    )
    work.session.flush()


def _keep_an_administrator(work: Work, user: User) -> None:
    others = (
        select(func.count())
        .select_from(UserRole)
        .join(User, User.user_no == UserRole.user_no)
        .where(UserRole.role == Role.ADMINISTRATOR.value, User.is_active, User.user_no != user.user_no)
    )
    if Role.ADMINISTRATOR in roles_of(work, user.user_no) and not work.session.scalar(others):
        raise refuse("last_administrator")
