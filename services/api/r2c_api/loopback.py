"""A service without keys answers only programs of its own machine, and no web page of others.

A page from anywhere may send requests to the loopback address, or to a name that it lets point
there. Both can be told by the headers Origin and Host, which a browser sets itself. What a proxy
has passed on may come from anywhere, though the proxy is of this machine; most of them say so.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from r2c_api.faults import NOT_FROM_HERE
from r2c_api.problems import problem

_PASSED_ON = (b"forwarded", b"via", b"x-real-ip")
"""Headers that proxies add, beside X-Forwarded-*."""


def is_loopback(host: str) -> bool:
    """Whether a name or an address stands for this machine alone."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class LoopbackOnly:
    """Refuses what was not meant for this machine, or comes from a page of another one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request if its Host, and its Origin if it has one, are this machine."""
        if scope["type"] == "http" and not _from_here(scope):
            answer = problem(NOT_FROM_HERE.fault(), instance=scope["path"])
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _from_here(scope: Scope) -> bool:
    named: list[str] = []
    meant = False
    for name, value in scope["headers"]:
        said = value.decode("latin-1")
        if name in _PASSED_ON or name.startswith(b"x-forwarded-"):
            return False
        if name == b"host":
            meant = True
            named.append(f"//{said}")
        elif name == b"origin":
            named.append(said)
    return meant and all(map(_is_here, named))


def _is_here(address: str) -> bool:
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return False
