"""No request is larger than the limit, whatever its headers say about its size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c_api.faults import TOO_LARGE
from r2c_api.problems import problem


class TooLarge(Exception):
    """Ends the reading of a body."""


class BodyLimit:
    """Refuses bodies that are too large with a problem, without reading them to the end."""

    def __init__(self, app: ASGIApp, limit: int, smaller: Mapping[str, int] | None = None) -> None:
        """Nothing is read yet.

        Args:
            app: The application.
            limit: Bytes of a body, at most.
            smaller: The same for paths that take less, by a pattern of the whole path.
        """
        self._app = app
        self._limit = limit
        self._smaller = {re.compile(path): most for path, most in (smaller or {}).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is counted while it is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._of(scope["path"])
        if _announced(scope) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLarge
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            if read > limit and not begun:
                return  # what a handler made of the broken body
            begun = True
            await send(message)

        with suppress(TooLarge):
            await self._app(scope, counted, sending)
        if read > limit and not begun:
            await self._refuse(limit, scope, receive, send)

    def _of(self, path: str) -> int:
        fitting = (most for form, most in self._smaller.items() if form.fullmatch(path))
        return min((self._limit, *fitting))

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(TOO_LARGE.fault(limit=limit), instance=scope["path"])
        answer.headers["Connection"] = "close"  # the rest of the body is not wanted
        await answer(scope, receive, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0
