"""Looks at the key of every request before anything else of it is read."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c.errors import Fault, R2CError
from r2c_api.access import CALLER, Caller
from r2c_api.faults import KEY_DOES_NOT_ALLOW, KEY_NEEDED, TOO_MANY_REQUESTS, USED_UP
from r2c_api.keys.bucket import WINDOW_SECONDS, Buckets, Draw
from r2c_api.keys.key import Allowance, Key, parts, same
from r2c_api.keys.key import Scope as KeyScope
from r2c_api.keys.table import Deed, KeyTable, until_tomorrow
from r2c_api.problems import problem

if TYPE_CHECKING:
    from r2c.settings import Settings

_OPEN = ("/healthz", "/readyz", "/openapi.json")
_READING = ("GET", "HEAD", "OPTIONS")
_TOOLS = "/mcp"
"""Calls of tools go on as requests of their own, which are looked at as what they are."""
_ALL = "all addresses"
_REFUSALS_PER_MINUTE = 60
Headers = dict[str, str]


class Guard:
    """Refuses requests without a key that allows them, and those beyond the limits.

    What changes something is written to the audit log, and so is every refusal of a key.
    """

    def __init__(self, app: ASGIApp, keys: KeyTable, settings: Settings) -> None:
        self._app = app
        self._keys = keys
        self._buckets = Buckets()
        self._refusals = Buckets()
        self._usual = Allowance(
            requests_per_minute=settings.serve_requests_per_minute,
            tokens_per_day=settings.serve_tokens_per_day,
            solver_seconds_per_day=settings.serve_solver_seconds_per_day,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request if its key allows it."""
        if scope["type"] != "http" or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        headers: Headers = {}
        key: Key | None = None
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                raw = [(name.encode(), value.encode()) for name, value in headers.items()]
                message = {**message, "headers": [*message["headers"], *raw]}
            await send(message)

        try:
            key = await asyncio.to_thread(self._key, scope)
            headers |= self._drawn(key)
            await asyncio.to_thread(self._left, key, scope)
        except R2CError as error:
            fault = error.fault
            more = _headers_of(fault)
            await problem(fault, instance=scope["path"], headers=more)(scope, receive, sending)
        else:
            scope[CALLER] = Caller(key.tenant, key.id)
            await self._app(scope, receive, sending)
        if self._noted(scope, key, status):
            await asyncio.to_thread(self._keys.note, _deed(scope, key, status))

    def _noted(self, scope: Scope, key: Key | None, status: int) -> bool:
        """Whether a request is written to the audit log.

        Refusals cost their sender nothing, and a line costs a write to the disk: so one a minute
        of an address or a key, and a bounded number of all addresses.
        """
        if _reads(scope) and status not in (401, 403):
            return False
        if key is None:
            client = scope.get("client")
            address = "" if client is None else str(client[0])
            return (
                self._refusals.draw(address, 1).allowed
                and self._refusals.draw(_ALL, _REFUSALS_PER_MINUTE).allowed
            )
        return status != 429 or self._refusals.draw(f"key {key.id}", 1).allowed

    def _key(self, scope: Scope) -> Key:
        """The key of a request.

        Raises:
            InputError: R2C-B630, there is none in force; R2C-B631, it does not allow this.
        """
        written = parts(_token(scope))
        key = None if written is None else self._keys.find(written[0])
        if written is None or key is None or not same(key, written[1]):
            raise KEY_NEEDED(reason="none that is known was sent")
        if not key.valid(time.time()):
            raise KEY_NEEDED(reason="the one that was sent is not in force any more")
        needed = KeyScope.READ if _reads(scope) else KeyScope.WRITE
        if scope["path"] == "/metrics":
            needed = KeyScope.METRICS
        if needed not in key.scopes:
            raise KEY_DOES_NOT_ALLOW(needed=needed.value, scopes=sorted(key.scopes))
        return key

    def _drawn(self, key: Key) -> Headers:
        """One request less for a tenant, told in headers.

        Raises:
            InputError: R2C-B632, there are none left.
        """
        own = key.allowance.requests_per_minute
        limit = self._usual.requests_per_minute if own is None else own
        if limit is None:
            return {}
        drawn = self._buckets.draw(key.tenant, limit)
        if not drawn.allowed:
            raise TOO_MANY_REQUESTS(limit=limit, seconds=drawn.wait)
        return _told(limit, drawn)

    def _left(self, key: Key, scope: Scope) -> None:
        """Whether a tenant may use more today.

        Raises:
            InputError: R2C-B634.
        """
        if _reads(scope):
            return
        tokens = _first(key.allowance.tokens_per_day, self._usual.tokens_per_day)
        seconds = _first(key.allowance.solver_seconds_per_day, self._usual.solver_seconds_per_day)
        if tokens is None and seconds is None:
            return
        used = self._keys.used(key.tenant)
        if tokens is not None and used.tokens >= tokens:
            raise USED_UP(what=f"{tokens:.0f} tokens of the language model")
        if seconds is not None and used.solver_seconds >= seconds:
            raise USED_UP(what=f"{seconds:.0f} seconds of the solver")


def _reads(scope: Scope) -> bool:
    return scope["method"] in _READING or scope["path"] == _TOOLS


def _first(own: float | None, usual: float | None) -> float | None:
    return usual if own is None else own


def _token(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


def _told(limit: int, drawn: Draw) -> Headers:
    """The headers of the IETF draft on rate limits."""
    return {
        "RateLimit-Policy": f'"requests";q={limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"requests";r={drawn.left};t={WINDOW_SECONDS}',
    }


def _headers_of(fault: Fault) -> Headers:
    if fault.code == KEY_NEEDED.code:
        return {"WWW-Authenticate": 'Bearer realm="r2c"'}
    if fault.code == TOO_MANY_REQUESTS.code:
        limit, wait = fault.details["limit"], fault.details["seconds"]
        return {
            "Retry-After": str(wait),
            "RateLimit-Policy": f'"requests";q={limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"requests";r=0;t={wait}',
        }
    if fault.code == USED_UP.code:
        return {"Retry-After": str(until_tomorrow())}
    return {}


def _deed(scope: Scope, key: Key | None, status: int) -> Deed:
    route = getattr(scope.get("route"), "path", scope["path"][:200])
    client = scope.get("client")
    return Deed(
        at=time.time(),
        tenant="" if key is None else key.tenant,
        key="" if key is None else key.id,
        action=f"{scope['method']} {route}",
        subject=str(scope.get("path_params", {}).get("job", ""))[:64],
        status=status,
        address="" if client is None else str(client[0]),
    )
