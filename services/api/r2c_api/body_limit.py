"""No request is larger than the limit, whatever its headers say about its size."""

from __future__ import annotations

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c_api.faults import TOO_LARGE
from r2c_api.problems import problem


class TooLarge(Exception):
    """Ends the reading of a body."""


class BodyLimit:
    """Refuses bodies that are too large with a problem, without reading them to the end."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is counted while it is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._limit:
            await self._refuse(scope, receive, send)
            return
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise TooLarge
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            if read > self._limit and not begun:
                return  # what a handler made of the broken body
            begun = True
            await send(message)

        with suppress(TooLarge):
            await self._app(scope, counted, sending)
        if read > self._limit and not begun:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(TOO_LARGE.fault(limit=self._limit), instance=scope["path"])
        answer.headers["Connection"] = "close"  # the rest of the body is not wanted
        await answer(scope, receive, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0
