"""The application: endpoints, limits and errors put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Route

import r2c
from r2c_api.body_limit import BodyLimit
from r2c_api.documented import described
from r2c_api.endpoints import (
    answers,
    batches,
    cards,
    differences,
    events,
    exports,
    formulations,
    health,
    parts,
    revisions,
    solving,
    suppositions,
)
from r2c_api.head import HeadAsGet
from r2c_api.keys.guard import Guard
from r2c_api.loopback import LoopbackOnly
from r2c_api.observed import Observed
from r2c_api.own_faults import OwnFaults
from r2c_api.page import jobs as job_pages
from r2c_api.page import sign_in, start, static, supposing
from r2c_api.page.shell import PageShell
from r2c_api.problems import add_problem_handlers
from r2c_api.service import Service

if TYPE_CHECKING:
    from fastmcp.server.http import StarletteWithLifespan as Mounted

    from r2c.llm.model import LanguageModel
    from r2c.settings import Settings

_ENDPOINTS = (
    formulations,
    events,
    parts,
    exports,
    solving,
    answers,
    revisions,
    suppositions,
    differences,
    batches,
    cards,
    health,
)
_PAGES = (start, job_pages, supposing, sign_in, static)
_SMALLER = {r"/mcp": 500_000, r"/v1/formulations/[^/]+/cir/rules/[^/]+": 100_000}
"""Bytes of a call of a tool, which is read where all requests are served, and of one rule."""
_ABOUT = """Decision problems in words become optimization models that are solved and judged.

A formulation is a job: submit it, follow its events, take its parts. Errors are problems as
RFC 9457 has them, each with a code, a reason and a remedy."""


def create_app(
    settings: Settings, model: LanguageModel | None = None, *, keys: bool = False
) -> FastAPI:
    """The service as an ASGI application; its lifespan runs the worker.

    Args:
        settings: All settings.
        model: The language model; connected as the settings say if not given.
        keys: Whether requests need a key; without, only this machine's own are answered.

    Raises:
        StoreError: R2C-B613, the store cannot be made.
        InputError: R2C-B720, R2C_SERVE_MCP is set and the library for it is not installed.
    """
    service = Service(settings, model)
    tools: list[Mounted] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as open_ones:
            await open_ones.enter_async_context(service.running())
            for mounted in tools:
                await open_ones.enter_async_context(mounted.lifespan(mounted))
            yield

    app = FastAPI(
        title="R2C",
        version=r2c.__version__,
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.state.keys = keys
    for group in (*_ENDPOINTS, *_PAGES):
        app.include_router(group.router)
    if settings.serve_mcp:
        tools.append(_tools(app))
    _build_routes(app)
    add_problem_handlers(app)
    app.add_middleware(OwnFaults)
    most = settings.serve_body_mb * 1_000_000
    app.add_middleware(BodyLimit, limit=most, smaller=_SMALLER)
    if keys:
        app.add_middleware(Guard, keys=service.keys, settings=settings)
    else:
        app.add_middleware(LoopbackOnly)
    app.add_middleware(OwnFaults)  # for the limits and the guard themselves
    app.add_middleware(PageShell, keys=keys)
    app.add_middleware(Observed, metrics=service.metrics)
    app.add_middleware(HeadAsGet)
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(plain())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _build_routes(app: FastAPI) -> None:
    """Let no request wait for the building of routes.

    FastAPI builds them at the first one, and silences warnings meanwhile, which holds for the whole
    process: threads that do the same (readers of expressions do) undo each other's silence.
    """
    for _ in iter_route_contexts(app.routes):
        pass


def _tools(app: FastAPI) -> Mounted:
    """The tools for hosts of language models, at /mcp."""
    from r2c_api.mcp.installed import needed

    needed()
    from r2c_api.mcp.mounted import PATH, mounted

    made = mounted(app)
    app.router.routes.append(Route(PATH, made, include_in_schema=False))
    return made
