"""The answer for everything that goes wrong: one place for domain refusals, 401, 403, 404, 422 and 5xx."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as StarletteHTTPException

from core.errors import DomainError, Problem
from web.auth import NotSignedIn, PasswordMustChange, identify, is_refused_right
from web.view import DeskContext

CONFLICTS = frozenset({"stale_document", "already_posted", "INC_CHANGED_BY_OTHER"})


def install(app: FastAPI) -> None:
    """Give every kind of error its answer."""
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(PasswordMustChange, _password_must_change)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(StarletteHTTPException, _http_error)


def not_found(what: str = "") -> HTTPException:
    """The error that shows the page with the search: `raise not_found("IN-26-000001")`."""
    return HTTPException(HTTPStatus.NOT_FOUND, what)


def server_error(request: Request, reference: str) -> Response:
    """Something nobody foresaw: nothing was saved, and support finds it by the reference."""
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", reference=reference)


def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    desk = _context(request)
    if is_refused_right(error):
        status = HTTPStatus.FORBIDDEN
    elif error.code in CONFLICTS:
        status = HTTPStatus.CONFLICT
    elif error.code.lower().endswith("not_found"):
        status = HTTPStatus.NOT_FOUND
    else:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    if desk.wants_json:
        return JSONResponse({"problems": desk.problems(error)}, status)
    texts = [desk.problem_text(problem) for problem in error.problems]
    return desk.render("error.html", status, title_key=_title_key(status), texts=texts, searched="")


def _not_signed_in(request: Request, _error: Exception) -> Response:
    if _is_stream(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    desk = _context(request)
    if desk.wants_json or request.method != "GET":
        return _answer(request, HTTPStatus.UNAUTHORIZED, "signed_out")
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/login" if asked == "/" else f"/login?next={quote(asked)}", 303)


def _password_must_change(request: Request, _error: Exception) -> Response:
    if _is_stream(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    if _context(request).wants_json or request.method != "GET":
        return _answer(request, HTTPStatus.FORBIDDEN, "password_must_change")
    return RedirectResponse("/password", 303)


def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(detail["loc"][0] == "path" for detail in error.errors()):
        return _answer(request, HTTPStatus.NOT_FOUND, "not_found")
    return _answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, "request_not_understood")


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        known = isinstance(error, HTTPException) and error.detail not in ("", HTTPStatus.NOT_FOUND.phrase)
        return _answer(
            request, HTTPStatus.NOT_FOUND, "not_found", searched=error.detail if known else request.url.path
        )
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _answer(request, HTTPStatus.METHOD_NOT_ALLOWED, "not_found")
    return _answer(request, HTTPStatus(error.status_code), "request_not_understood")


def _is_stream(request: Request) -> bool:
    """Whether a tab asks for news: 204 tells it to stop asking; a page of HTML would be an error to it."""
    return "text/event-stream" in request.headers.get("accept", "")


def _context(request: Request) -> DeskContext:
    """The request's context; also for an address that no route has, where nobody has been asked for yet."""
    known = getattr(request.state, "desk", None)
    if isinstance(known, DeskContext):
        return known
    return identify(request)


def _answer(
    request: Request, status: HTTPStatus, code: str, *, searched: str = "", reference: str = ""
) -> Response:
    desk = _context(request)
    values = {"reference": reference} if reference else {}
    problem = Problem(code, values)
    if desk.wants_json:
        return JSONResponse({"problems": desk.problems(DomainError([problem]))}, status)
    last = searched.rstrip("/").rsplit("/", 1)[-1][:60]
    return desk.render(
        "error.html", status, title_key=_title_key(status), texts=[desk.problem_text(problem)], searched=last
    )


def _title_key(status: HTTPStatus) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return "error.not_allowed"
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return "error.not_found"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "error.server"
    return "error.refused"
