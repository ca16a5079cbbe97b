"""The desk as one application: all pages found, all errors answered, every answer with its headers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from core.open_folder import members
from web import api, errors, pages
from web.catalogues import load_catalogues
from web.routing import Desk
from web.security import SafeAnswers, Signer, read_secret
from web.shell import make_shell
from web.view import DeskParts, make_templates

if TYPE_CHECKING:
    from pipeline.runtime import Runtime

STATIC = Path(__file__).parent / "static"


def create_app(runtime: Runtime) -> FastAPI:
    """The desk on this runtime. The application owns nothing: it can be made more than once per process."""
    app = FastAPI(title="Inkoop", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    settings = runtime.settings
    app.state.desk = DeskParts(
        runtime=runtime,
        catalogues=load_catalogues(),
        signer=Signer(read_secret(settings.secret_key_file or settings.data_dir / "secret.key")),
        templates=make_templates(),
        make_shell=make_shell,
    )
    for desk in routers():
        app.include_router(desk.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    errors.install(app)
    app.add_middleware(SafeAnswers)
    return app


def routers() -> list[Desk]:
    """The routes of every module of `web/pages` and `web/api`."""
    return [cast(Desk, router) for package in (pages, api) for router in members(package, "router")]
