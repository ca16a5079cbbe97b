"""Users: who may sign in and with which roles; by an administrator, never for oneself (S4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from core.catalogue import LANGUAGES
from core.errors import refuse
from core.master.rights import Right
from core.master.users import (
    Role,
    create_user,
    get_user,
    list_users,
    one_time_password,
    reset_password,
    roles_of,
    set_active,
    set_roles,
)
from web.routing import Desk, DeskRequest
from web.view import DeskContext

router = Desk()
PEOPLE_ROLES = [role for role in Role if role is not Role.MACHINE]


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user of the list."""

    user_no: str
    name: str
    roles: str
    is_active: bool
    must_change_password: bool
    created: str


@router.page("/users", right=Right.USER_READ)
def users(desk: DeskRequest) -> Response:
    """Everyone, with their roles."""
    with desk.reading() as work:
        rows = [
            UserRow(
                user.user_no,
                user.name,
                _role_names(desk, roles_of(work, user.user_no)),
                user.is_active,
                user.must_change_password,
                desk.formats.date(desk.formats.local(user.created_at).date()),
            )
            for user in list_users(work)
        ]
    return desk.render("users.html", rows=rows)


@router.page("/users/new", right=Right.USER_WORK)
def new_user(desk: DeskRequest) -> Response:
    """The form for a new user."""
    return desk.render("user_new.html", roles=PEOPLE_ROLES, languages=LANGUAGES)


@router.page("/users/{user_no}", right=Right.USER_READ)
def user(desk: DeskRequest, user_no: str) -> Response:
    """One user: roles, a new one-time password, closing."""
    with desk.reading() as work:
        shown = get_user(work, user_no)
        return desk.render(
            "user.html",
            user=shown,
            roles=PEOPLE_ROLES,
            has=roles_of(work, shown.user_no),
            is_self=shown.user_no == desk.actor.user_no,
        )


@router.action("/users", right=Right.USER_WORK)
def add_user(
    desk: DeskRequest,
    user_no: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "en",
    roles: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make a user and show the one-time password, this once."""
    if language not in LANGUAGES:
        raise refuse("request_not_understood")
    password = one_time_password()
    with desk.work() as work:
        made = create_user(work, user_no, name, _roles(roles), password, language=language)
        number, shown_name = made.user_no, made.name
    return _shown_once(desk, number, shown_name, password)


@router.action("/users/{user_no}/roles", right=Right.USER_WORK)
def save_roles(
    desk: DeskRequest, user_no: str, roles: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Give a user exactly these roles; they count from the user's next request on."""
    with desk.work() as work:
        set_roles(work, user_no, _roles(roles))
    return desk.redirect(f"/users/{user_no}", notice="users.roles_saved")


@router.action("/users/{user_no}/password", right=Right.USER_WORK)
def new_password(desk: DeskRequest, user_no: str) -> Response:
    """Give a user a new one-time password and show it, this once; their sessions end."""
    if user_no == desk.actor.user_no:
        raise refuse("own_password")
    with desk.work() as work:
        name = get_user(work, user_no).name
        password = reset_password(work, user_no)
    return _shown_once(desk, user_no, name, password)


@router.action("/users/{user_no}/active", right=Right.USER_WORK)
def save_active(desk: DeskRequest, user_no: str, is_active: Annotated[bool, Form()]) -> Response:
    """Open or close an account."""
    with desk.work() as work:
        set_active(work, user_no, is_active=is_active)
    return desk.redirect(f"/users/{user_no}", notice="users.opened" if is_active else "users.closed")


def _shown_once(desk: DeskContext, user_no: str, name: str, password: str) -> Response:
    if desk.wants_json:
        once = {
            "title": desk.text("users.password_title", name=name),
            "text": desk.text("users.password_once"),
            "value": password,
        }
        return desk.json({"location": f"/users/{user_no}", "once": once})
    return desk.render("user_password.html", user_no=user_no, name=name, password=password)


def _roles(names: list[str] | None) -> list[Role]:
    known = {role.value for role in Role}
    if any(name not in known for name in names or []):
        raise refuse("request_not_understood")
    return [Role(name) for name in names or []]


def _role_names(desk: DeskContext, roles: frozenset[Role]) -> str:
    return ", ".join(desk.text(f"role.{role}") for role in sorted(roles))
