"""The application in front of the replicas: five paths, a key for four of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import httpx2
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from r2c_inference.proxy.fields import KINDS
from r2c_inference.proxy.keys import Keys
from r2c_inference.proxy.limits import Limits
from r2c_inference.proxy.metrics import Metrics
from r2c_inference.proxy.problem import NO_KEY, NO_PATH, REPLICA_FAILED, ProblemError
from r2c_inference.proxy.relay import WAIT_SECONDS, Relay
from r2c_inference.proxy.replicas import Replicas

LISTING_SECONDS = 15.0
_TOLD_OF_A_MODEL = ("id", "object", "created", "owned_by", "max_model_len", "parent")
"""What clients are told of a model; where its files lie is not among it."""


def build(
    replicas: Replicas,
    keys: Keys,
    limits: Limits,
    metrics: Metrics,
    used: Callable[[], None] | None = None,
) -> ASGIApp:
    """The application. It looks after the replicas while it runs.

    Args:
        replicas: Who answers.
        keys: Who may ask.
        limits: How much.
        metrics: What is counted; shown at /metrics.
        used: Called at every request that shows a key.
    """

    async def health(request: Request) -> Response:
        ready = replicas.ready
        told = {"status": "ok" if ready else "unavailable", "ready": ready}
        return JSONResponse({**told, "replicas": replicas.count}, 200 if ready else 503)

    async def counts(request: Request) -> Response:
        return PlainTextResponse(metrics.told())

    async def models(request: Request) -> Response:
        return JSONResponse({"object": "list", "data": await _models(replicas)})

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        await replicas.look()
        watch = asyncio.create_task(replicas.watch())
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            await replicas.close()

    relay = Relay(replicas, limits, metrics)
    pages: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/health": health, "/metrics": counts, "/v1/models": models,
    }  # fmt: skip
    inner = Starlette(
        routes=[
            *(Route(path, page, methods=["GET"]) for path, page in pages.items()),
            *(Route(path, _Posted(relay), methods=["POST"]) for path in KINDS),
        ],
        exception_handlers={HTTPException: _no_path, ProblemError: _problem},
        lifespan=running,
    )
    return _Guarded(inner, keys, used)


class _Posted:
    """An instance, since Starlette takes a function for a page and an instance for an app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class _Guarded:
    """Asks for the key before anything else is looked at, the path included."""

    def __init__(self, app: ASGIApp, keys: Keys, used: Callable[[], None] | None) -> None:
        self._app = app
        self._keys = keys
        self._used = used

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/health":
            request = Request(scope)
            if not self._keys.allow(request.headers.get("authorization")):
                refusal = ProblemError(401, NO_KEY()).response(uuid4().hex)
                refusal.headers["www-authenticate"] = "Bearer"
                return await refusal(scope, receive, send)
            if self._used is not None:
                self._used()
        await self._app(scope, receive, send)


async def _no_path(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told = NO_PATH(path=request.url.path[:200], method=request.method)
    response = ProblemError(error.status_code, told).response(uuid4().hex)
    response.headers.update(error.headers or {})
    return response


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response(uuid4().hex)


async def _models(replicas: Replicas) -> list[JsonValue]:
    """The models that a replica serves; all serve the same.

    Raises:
        ProblemError: 502 or 503.
    """
    place = replicas.chosen("")
    if place is None:
        raise ProblemError(503, replicas.nobody(), wait=WAIT_SECONDS)
    try:
        async with asyncio.timeout(LISTING_SECONDS):
            reply = await place.item.client.get("/v1/models")
        listed = reply.json()["data"] if reply.status_code == 200 else None
    except (httpx2.HTTPError, OSError, TimeoutError, ValueError, KeyError, TypeError):
        listed = None
    if not isinstance(listed, list):
        raise ProblemError(502, REPLICA_FAILED(reason="It does not list its models"))
    return [
        {name: item[name] for name in _TOLD_OF_A_MODEL if name in item}
        for item in listed
        if isinstance(item, dict)
    ]
