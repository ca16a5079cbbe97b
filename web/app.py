"""The desk as one application: all pages found, all errors answered, every answer with its headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from core.open_folder import members
from pipeline.runtime import Runtime
from web import api, errors, pages
from web.catalogues import load_catalogues
from web.live import Live
from web.routing import Desk
from web.security import SafeAnswers, Signer
from web.shell import make_shell
from web.view import DeskParts, make_templates

STATIC = Path(__file__).parent / "static"


def create_app(runtime: Runtime) -> FastAPI:
    """The desk on this runtime. The application owns nothing: it can be made more than once per process."""
    live = Live(runtime)
    app = FastAPI(
        title="Inkoop",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_stop_with(live),
    )
    app.state.live = live
    app.state.desk = DeskParts(
        runtime=runtime,
        catalogues=load_catalogues(),
        signer=Signer(runtime.secret_key().encode()),
        templates=make_templates(),
        make_shell=make_shell,
    )
    for desk in routers():
        app.router.routes.extend(desk.router.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    errors.install(app)
    app.add_middleware(SafeAnswers)
    return app


def _stop_with(live: Live) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await live.stop()

    return lifespan


def routers() -> list[Desk]:
    """The routes of every module of `web/pages` and `web/api`."""
    return [cast(Desk, router) for package in (pages, api) for router in members(package, "router")]
