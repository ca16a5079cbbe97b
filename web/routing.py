"""Routes of the desk: each declares the right it needs, or that it is public; without either it is an error.

Every module of `web/pages` and `web/api` has one `router = Desk()`. `app.py` finds them all.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from core.errors import DomainError
from core.master.rights import Right
from web.auth import Declaration, NotSignedIn, PasswordMustChange, authorise
from web.errors import server_error
from web.view import DeskContext, DeskRequest

__all__ = ["Desk", "DeskContext", "DeskRequest", "GuardedRoute"]

log = structlog.get_logger()
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
# These have an answer of their own in app.py; anything else is a mistake in the program.
ANSWERED = (DomainError, HTTPException, RequestValidationError, NotSignedIn, PasswordMustChange)


class Undeclared(Exception):
    """A route without a right and not public, or with both: refused when its module is imported."""


class GuardedRoute(APIRoute):
    """A route that asks who is there before it reads the question."""

    declaration: Declaration

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """The page function behind the guard, with an answer for what nobody foresaw."""
        answer = super().get_route_handler()
        declaration = self.declaration

        async def guarded(request: Request) -> Response:
            try:
                await authorise(request, declaration)
                return await answer(request)
            except ANSWERED:
                raise
            except Exception:
                reference = secrets.token_hex(3).upper()
                log.exception("page_failed", reference=reference, path=declaration.path)
                return server_error(request, reference)

        return guarded


class Desk:
    """The routes of one module."""

    def __init__(self) -> None:
        self.router = APIRouter()
        self.declared: list[Declaration] = []

    def page(
        self, path: str, *, right: Right | None = None, public: bool = False, while_new: bool = False
    ) -> Callable[[Endpoint], Endpoint]:
        """A page that is looked at: GET."""
        return self._declare(Declaration("page", "GET", path, right, public, while_new))

    def action(
        self, path: str, *, right: Right | None = None, public: bool = False, while_new: bool = False
    ) -> Callable[[Endpoint], Endpoint]:
        """A form that is sent: POST, with the session's token."""
        return self._declare(Declaration("action", "POST", path, right, public, while_new))

    def api(
        self,
        method: str,
        path: str,
        *,
        right: Right | None = None,
        public: bool = False,
        while_new: bool = False,
    ) -> Callable[[Endpoint], Endpoint]:
        """An address for scripts and images; problems come as JSON. A write needs the token as a header."""
        return self._declare(Declaration("api", method.upper(), path, right, public, while_new))

    def _declare(self, declaration: Declaration) -> Callable[[Endpoint], Endpoint]:
        if (declaration.right is None) != declaration.public:
            raise Undeclared(f"{declaration.path}: name a right, or say public=True, and not both")
        self.declared.append(declaration)

        def register(endpoint: Endpoint) -> Endpoint:
            self.router.add_api_route(
                declaration.path,
                endpoint,
                methods=[declaration.method],
                response_model=None,
                route_class_override=_guarded(declaration),
            )
            return endpoint

        return register


def _guarded(declared: Declaration) -> type[GuardedRoute]:
    class Guarded(GuardedRoute):
        declaration = declared

    return Guarded
