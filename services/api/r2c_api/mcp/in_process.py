"""A transport of `httpx2` that calls an application in this process, and streams what it sends.

The one of `httpx2` waits for the end of an answer before it gives the first byte, so events would
come all at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
from starlette.types import ASGIApp, Message, Scope

_ADDRESS = ("127.0.0.1", 0)
_AHEAD = 16
"""Parts of an answer that may wait to be read."""
_LOOK_SECONDS = 0.5
_LAST_SECONDS = 5.0
"""What an application gets to end when nobody reads its answer any more."""


class InProcess(httpx2.AsyncBaseTransport):
    """Requests of a client as calls of an application.

    Args:
        app: The application.
        address: Host and port of whoever asks, as the application's logs tell it.
    """

    def __init__(self, app: ASGIApp, address: tuple[str, int] = _ADDRESS) -> None:
        self._app = app
        self._address = address

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Call the application; the answer comes as soon as it begins."""
        body = await request.aread()
        call = _Call(self._app, _scope(request, self._address), body)
        status, headers = await call.begun()
        return httpx2.Response(status, headers=headers, stream=call)


class _Call(httpx2.AsyncByteStream):
    """One call; closing it is what a client that goes away does."""

    def __init__(self, app: ASGIApp, scope: Scope, body: bytes) -> None:
        self._body: bytes | None = body
        self._gone = asyncio.Event()
        self._sent: asyncio.Queue[Message | None] = asyncio.Queue(_AHEAD)
        self._task = asyncio.create_task(self._run(app, scope))

    async def _run(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._receive, self._send)
        finally:
            await self._send(None)

    async def _send(self, message: Message | None) -> None:
        """Hand on a part; once nobody reads, parts are lost as on a closed connection."""
        while not self._gone.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._sent.put(message)
                return

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def begun(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Status and headers.

        Raises:
            ReadError: the application ended without an answer.
        """
        try:
            message = await self._sent.get()
        except asyncio.CancelledError:
            await self.aclose()
            raise
        if message is None:
            raise httpx2.ReadError("the application ended without an answer")
        return message["status"], message["headers"]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self._sent.get()) is not None:
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body", False):
                return

    async def aclose(self) -> None:
        """Let the application know that nobody reads any more, and wait for its end.

        What it does after the last part, such as writing to a log, it does to the end.
        """
        self._gone.set()
        _, late = await asyncio.wait([self._task], timeout=_LAST_SECONDS)
        for task in late:
            task.cancel()


def _scope(request: httpx2.Request, address: tuple[str, int]) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": address,
        "root_path": "",
    }
