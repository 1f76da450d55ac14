"""Looks at the key of every request before anything else of it is read."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c.errors import Fault, R2CError
from r2c_api.access import CALLER, Caller
from r2c_api.faults import KEY_DOES_NOT_ALLOW, KEY_NEEDED, TOO_MANY_REQUESTS, USED_UP
from r2c_api.jobs.record import Day
from r2c_api.keys.bucket import WINDOW_SECONDS, Buckets
from r2c_api.keys.key import Allowance, Key, parts, same
from r2c_api.keys.key import Scope as KeyScope
from r2c_api.keys.session import from_own_page, key_in_cookie
from r2c_api.keys.table import Deed, KeyTable, until_tomorrow
from r2c_api.page.faults import FROM_ANOTHER_SITE
from r2c_api.page.paths import is_page, needs_no_key
from r2c_api.problems import problem

if TYPE_CHECKING:
    from r2c.settings import Settings

_OPEN = ("/healthz", "/readyz", "/openapi.json")
_READING = ("GET", "HEAD", "OPTIONS")
_TOOLS = "/mcp"
"""Calls of tools go on as requests of their own, which are looked at as what they are."""
_MADE = (b"/v1/", b"/jobs/")
_ALL = "all addresses"
_REFUSALS_PER_MINUTE = 60
_SUBJECTS = ("job", "batch", "id")
"""Parts of paths that name what a request is about; the last is a card."""
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
        if scope["type"] != "http" or (_is_open(scope) and scope["method"] in _READING):
            await self._app(scope, receive, send)
            return
        headers: Headers = {}
        key: Key | None = None
        status, made = 0, ""

        async def sending(message: Message) -> None:
            nonlocal status, made
            if message["type"] == "http.response.start":
                status, made = message["status"], _made(message)
                raw = [(name.encode(), value.encode()) for name, value in headers.items()]
                message = {**message, "headers": [*message["headers"], *raw]}
            await send(message)

        try:
            if _is_open(scope):  # the form for the key: what is sent to it is noted
                await self._app(scope, receive, sending)
                await self._note(scope, None, status)
                return
            key = await asyncio.to_thread(self._key, scope)
            headers |= self._drawn(key)
            await asyncio.to_thread(self._left, key, scope)
        except R2CError as error:
            fault = error.fault
            more = _headers_of(fault)
            await problem(fault, instance=scope["path"], headers=more)(scope, receive, sending)
        else:
            scope[CALLER] = Caller(key.tenant, key.id, self._day(key))
            await self._app(scope, receive, sending)
        await self._note(scope, key, status, made)

    async def _note(self, scope: Scope, key: Key | None, status: int, made: str = "") -> None:
        if self._noted(scope, key, status):
            await asyncio.to_thread(self._keys.note, _deed(scope, key, status, made))

    def _noted(self, scope: Scope, key: Key | None, status: int) -> bool:
        """Whether a request is written to the audit log.

        Refusals cost their sender nothing, and a line costs a write to the disk: so one a minute
        of an address or a key, and a bounded number of all addresses.
        """
        if _reads(scope) and status not in (401, 403):
            return False
        if key is None:
            if is_page(scope["path"]) and not _names_a_key(scope) and not _is_open(scope):
                return False  # somebody who is led to the form for the key
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
            InputError: R2C-B630, there is none in force; R2C-B631, it does not allow this;
                R2C-B700, it came as a cookie from a page of others.
        """
        token = _token(scope)
        by_cookie = token is None
        written = parts(key_in_cookie(scope) if token is None else token)
        key = None if written is None else self._keys.find(written[0])
        if written is None or key is None or not same(key, written[1]):
            raise KEY_NEEDED(reason="none that is known was sent")
        if not key.valid(time.time()):
            raise KEY_NEEDED(reason="the one that was sent is not in force any more")
        if by_cookie and scope["method"] not in _READING and not from_own_page(scope):
            raise FROM_ANOTHER_SITE()
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
        return _told(limit, drawn.left, drawn.wait)

    def _left(self, key: Key, scope: Scope) -> None:
        """Whether a tenant may use more today.

        Raises:
            InputError: R2C-B634.
        """
        if _reads(scope):
            return
        self._keys.within(key.tenant, self._day(key))

    def _day(self, key: Key) -> Day:
        own, usual = key.allowance, self._usual
        return Day(
            tokens=_first(own.tokens_per_day, usual.tokens_per_day),
            solver_seconds=_first(own.solver_seconds_per_day, usual.solver_seconds_per_day),
        )


def _reads(scope: Scope) -> bool:
    return scope["method"] in _READING or scope["path"] == _TOOLS


def _first(own: float | None, usual: float | None) -> float | None:
    return usual if own is None else own


def _names_a_key(scope: Scope) -> bool:
    return _token(scope) is not None or bool(key_in_cookie(scope))


def _is_open(scope: Scope) -> bool:
    return scope["path"] in _OPEN or needs_no_key(scope["path"])


def _token(scope: Scope) -> str | None:
    """What the header that names a key holds; None without that header."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return None


def _told(limit: int, left: int, seconds: int) -> Headers:
    """The headers of the IETF draft on rate limits (draft-ietf-httpapi-ratelimit-headers)."""
    return {
        "RateLimit-Policy": f'"requests";q={limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"requests";r={left};t={seconds}',
    }


def _headers_of(fault: Fault) -> Headers:
    if fault.code == KEY_NEEDED.code:
        return {"WWW-Authenticate": 'Bearer realm="r2c"'}
    if fault.code == TOO_MANY_REQUESTS.code:
        limit, wait = fault.details["limit"], fault.details["seconds"]
        assert isinstance(limit, int) and isinstance(wait, int)
        return {"Retry-After": str(wait), **_told(limit, 0, wait)}
    if fault.code == USED_UP.code:
        return {"Retry-After": str(until_tomorrow())}
    return {}


def _made(start: Message) -> str:
    """The id of what a request has made, as the answer tells where it is."""
    for name, value in start["headers"]:
        if name.lower() in (b"location", b"hx-redirect") and value.startswith(_MADE):
            return str(value.decode("latin-1").rpartition("/")[2])
    return ""


def _deed(scope: Scope, key: Key | None, status: int, made: str) -> Deed:
    route = getattr(scope.get("route"), "path", scope["path"][:200])
    client = scope.get("client")
    named = scope.get("path_params", {})
    subject = next((named[part] for part in _SUBJECTS if part in named), made)
    return Deed(
        at=time.time(),
        tenant="" if key is None else key.tenant,
        key="" if key is None else key.id,
        action=f"{scope['method']} {route}",
        subject=str(subject)[:64],
        status=status,
        address="" if client is None else str(client[0]),
    )
