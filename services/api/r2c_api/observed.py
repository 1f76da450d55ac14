"""Every request is counted and logged, by its route and never by what it says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c import telemetry
from r2c_api.logs import logger

if TYPE_CHECKING:
    from r2c_api.metrics import Metrics

log = logger("r2c.api")
_QUIET = ("/healthz", "/readyz", "/metrics")


class Observed:
    """Counts and logs requests."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        parent = _traceparent(scope)
        try:
            with telemetry.joined(parent):
                if scope["method"] in _ASKING:
                    await self._app(scope, receive, sending)
                else:
                    with telemetry.span("request", parent=parent, method=scope["method"]) as span:
                        await self._app(scope, receive, sending)
                        route = getattr(scope.get("route"), "path", None)
                        span.say(route=route, status=status)
        finally:
            seconds = time.monotonic() - began
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            if route not in _QUIET:
                log.info(
                    "request", method=method, route=route, status=status,
                    seconds=round(seconds, 4), trace_id=telemetry.trace_id(parent),
                )  # fmt: skip


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_ASKING = ("GET", "HEAD", "OPTIONS")
"""These begin no work that a trace would tell of."""


def _traceparent(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            said = value.decode("latin-1")
            return said if telemetry.trace_id(said) else ""
    return ""
