"""Signing in and out, and choosing one's own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text

from core.errors import DomainError, refuse
from core.master.rights import Right
from core.master.users import change_password, revoke_sessions
from web.auth import clear_session_cookie, set_session_cookie, set_visit_cookie, sign_in, start_session
from web.routing import Desk, DeskRequest
from web.sessions import end_session
from web.view import NOBODY

router = Desk()
ONE_MINUTE = 60


@router.page("/login", public=True)
def login(desk: DeskRequest, next: str = "/", out: bool = False) -> Response:
    """The sign-in form; for a script only the token to send it with."""
    if desk.wants_json:
        response: Response = JSONResponse({"csrf": desk.csrf})
    elif desk.session is not None:
        return desk.redirect(_own_page(next))
    else:
        response = desk.render("login.html", next=_own_page(next), problem="", user_no="", out=out)
    set_visit_cookie(desk, response)
    return response


@router.action("/login", public=True)
def log_in(
    desk: DeskRequest,
    user_no: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Try to sign in. The answer never tells whether the name or the password was wrong."""
    address = desk.request.client.host if desk.request.client else "unknown"
    result = sign_in(desk.parts, user_no, password, address)
    if result.opened is not None:
        path = _own_page(next)
        response: Response = (
            JSONResponse({"location": path, "csrf": result.opened.csrf})
            if desk.wants_json
            else desk.redirect(path)
        )
        set_session_cookie(desk, response, result.opened.session_id)
        return response
    problem = _refusal(desk, result.wait_seconds)
    if desk.wants_json:
        raise problem
    shown = desk.problem_text(problem.problems[0])
    response = desk.render("login.html", 422, next=_own_page(next), problem=shown, user_no=user_no, out=False)
    set_visit_cookie(desk, response)
    return response


@router.action("/logout", right=Right.DESK_USE, while_new=True)
def log_out(desk: DeskRequest) -> Response:
    """End this session."""
    assert desk.session is not None
    with desk.work() as work:
        end_session(work, desk.session.id_hash)
    response = desk.redirect("/login")
    clear_session_cookie(desk, response)
    return response


@router.action("/logout/everywhere", right=Right.DESK_USE, while_new=True)
def log_out_everywhere(desk: DeskRequest) -> Response:
    """End every session of this user."""
    with desk.work() as work:
        revoke_sessions(work, desk.actor.user_no)
    response = desk.redirect("/login?out=true")
    clear_session_cookie(desk, response)
    return response


@router.page("/password", right=Right.DESK_USE, while_new=True)
def password(desk: DeskRequest) -> Response:
    """The form to choose a password."""
    assert desk.session is not None
    return desk.render("password.html", is_first=desk.session.must_change_password)


@router.action("/password", right=Right.DESK_USE, while_new=True)
def save_password(
    desk: DeskRequest, old: Annotated[str, Form()] = "", new: Annotated[str, Form()] = ""
) -> Response:
    """Change the password; every session ends and this browser gets a new one."""
    with desk.work() as work:
        change_password(work, desk.actor.user_no, old, new)
    opened = start_session(desk.parts, desk.actor.user_no)
    response = desk.redirect("/", notice="password.done")
    set_session_cookie(desk, response, opened.session_id)
    return response


@router.api("GET", "/health", public=True)
def health(desk: DeskRequest) -> Response:
    """Whether the desk and its database answer."""
    with desk.runtime.reading(NOBODY) as work:
        work.session.execute(text("SELECT 1"))
    return desk.json({"status": "ok"})


def _own_page(path: str) -> str:
    """Where to go after signing in: a page of this desk only, so that no link can lead elsewhere."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own and "\\" not in path else "/"


def _refusal(desk: DeskRequest, wait_seconds: int) -> DomainError:
    if not wait_seconds:
        return refuse("sign_in_wrong")
    if wait_seconds < 2 * ONE_MINUTE:
        return refuse("sign_in_wait", wait=desk.text("login.wait_seconds", n=wait_seconds))
    return refuse("sign_in_wait", wait=desk.text("login.wait_minutes", n=-(-wait_seconds // ONE_MINUTE)))
