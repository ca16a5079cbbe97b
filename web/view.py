"""What a page gets to work with: who asks, the runtime, the texts, and how to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.catalogue import Catalogue
from core.errors import DomainError, Problem
from core.master.rights import Right, may, roles_with
from core.work import Actor, Work
from pipeline.runtime import Runtime
from web.formats import Formats
from web.security import Signer
from web.sessions import SignedIn

TEMPLATES = Path(__file__).parent / "templates"
NOBODY = Actor("", "", frozenset())
NOTICE_COOKIE = "inkoop_notice"
NOTICE_SECONDS = 60
NO_VALUES: Mapping[str, object] = {}

ShellMaker = Callable[["DeskContext"], object]


@dataclass(slots=True)
class DeskParts:
    """What all requests share; made once by `create_app`."""

    runtime: Runtime
    catalogues: Mapping[str, Catalogue]
    signer: Signer
    templates: Environment
    make_shell: ShellMaker


def make_templates() -> Environment:
    """The template loader: everything is escaped, and a name that is not there is an error."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["icon"] = _icon
    templates.globals["Right"] = Right
    return templates


@dataclass(slots=True)
class DeskContext:
    """One request. `session` is None for somebody who is not signed in; then the actor has no role."""

    request: Request
    parts: DeskParts
    session: SignedIn | None
    language: str
    csrf: str
    visit: str | None = None  # the cookie half of the sign-in form's token, when it must be set
    _formats: Formats | None = field(default=None)

    @property
    def runtime(self) -> Runtime:
        """What the process works with."""
        return self.parts.runtime

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.session.actor if self.session else NOBODY

    @property
    def texts(self) -> Catalogue:
        """The texts of the user's language."""
        return self.parts.catalogues[self.language]

    @property
    def formats(self) -> Formats:
        """How values look to this user."""
        if self._formats is None:
            self._formats = Formats(self.texts, self.runtime.settings.zone, self.runtime.now())
        return self._formats

    @property
    def wants_json(self) -> bool:
        """Whether a script asks, which gets problems and addresses as JSON instead of a page."""
        path = self.request.url.path
        return path.startswith("/api/") or "application/json" in self.request.headers.get("accept", "")

    def in_language(self, name: str, name_nl: str | None) -> str:
        """A name of the books in the language of who looks: the English one where there is no Dutch one."""
        return name_nl if self.language == "nl" and name_nl else name

    def work(self) -> AbstractContextManager[Work]:
        """One transaction in the name of who asks."""
        return self.runtime.work(self.actor)

    def reading(self) -> AbstractContextManager[Work]:
        """One snapshot, always undone."""
        return self.runtime.reading(self.actor)

    def may(self, right: Right) -> bool:
        """Whether who asks has the right."""
        return may(self.actor, right)

    def text(self, key: str, **values: object) -> str:
        """A text of the user's language."""
        return self.texts.text(key, **values)

    def needs(self, right: Right) -> str:
        """Why a button is shown and cannot be pressed: "Needs a bookkeeper"."""
        names = [self.text(f"role.{role}") for role in roles_with(right)]
        return self.text("rights.needs", roles=self.text("rights.or").join(names))

    def problem_text(self, problem: Problem) -> str:
        """What a person reads for the problem; a right that is missing is named with who can give it."""
        if problem.code == "right_missing":
            right = Right(str(problem.values["right"]))
            names = [self.text(f"role.{role}") for role in roles_with(right)]
            return self.text(
                "problem.right_missing",
                right=self.text(f"right.{right}"),
                roles=self.text("rights.or").join(names),
            )
        return self.texts.problem(problem)

    def problems(self, error: DomainError) -> list[dict[str, object]]:
        """The problems as a script gets them."""
        return [
            {
                "code": problem.code,
                "text": self.problem_text(problem),
                "field": problem.field,
                "line_no": problem.line_no,
            }
            for problem in error.problems
        ]

    def render(self, template: str, status: int = 200, **view: object) -> HTMLResponse:
        """A page from a template, which sees the view and `desk`, `t`, `fmt`, `shell` and `notice`."""
        notice = self._take_notice()
        html = self.parts.templates.get_template(template).render(
            desk=self,
            t=self.text,
            fmt=self.formats,
            shell=self.parts.make_shell(self) if self.session else None,
            notice=notice,
            **view,
        )
        response = HTMLResponse(html, status)
        if notice is not None:
            response.delete_cookie(NOTICE_COOKIE, path="/")
        return response

    def json(self, content: object, status: int = 200) -> JSONResponse:
        """An answer for a script."""
        return JSONResponse(content, status)

    def redirect(self, path: str, notice: str | None = None, **values: object) -> Response:
        """Go to another page of the desk, which then says the notice: a text key with its values.

        A script gets the address and the notice as JSON and goes there itself.
        """
        assert path.startswith("/") and not path.startswith("//"), "only pages of the desk"
        if self.wants_json:
            shown = None if notice is None else self.text(notice, **values)
            response: Response = JSONResponse({"location": path, "notice": shown})
        else:
            response = RedirectResponse(quote(path, safe="/?=&%#:+,;@-._~"), 303)
        if notice is not None:
            kept = {"key": notice, "values": {name: self.texts.show(value) for name, value in values.items()}}
            response.set_cookie(
                NOTICE_COOKIE,
                self.parts.signer.sign("notice", kept),
                max_age=NOTICE_SECONDS,
                httponly=True,
                samesite="lax",
                secure=self.is_secure,
                path="/",
            )
        return response

    @property
    def is_secure(self) -> bool:
        """Whether the browser came by https, so that cookies must not travel otherwise."""
        return self.runtime.settings.secure_cookies or self.request.url.scheme == "https"

    def script_texts(self) -> Mapping[str, str]:
        """The texts that scripts show: every key that starts with `js.`."""
        return {key: text for key, text in self.texts.texts.items() if key.startswith("js.")}

    def _take_notice(self) -> str | None:
        signed = self.request.cookies.get(NOTICE_COOKIE)
        if not signed:
            return None
        kept = self.parts.signer.unsign("notice", signed, NOTICE_SECONDS)
        if not isinstance(kept, dict) or str(kept.get("key")) not in self.texts.texts:
            return None
        return self.text(str(kept["key"]), **kept["values"])


def _current(request: Request) -> DeskContext:
    return cast(DeskContext, request.state.desk)


DeskRequest = Annotated[DeskContext, Depends(_current)]
"""What a page function asks for: `def incoming(desk: DeskRequest, view: str = "all") -> Response`."""


def _icon(name: str, small: bool = False) -> Markup:
    """One drawing of the sprite `static/icons.svg`, beside a text that says the same."""
    kind = "i s" if small else "i"
    return Markup('<svg class="{}" aria-hidden="true"><use href="/static/icons.svg#{}"/></svg>').format(
        kind, name
    )
