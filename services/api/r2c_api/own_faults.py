"""No exception leaves the application: a fault of its own is answered, and told by its type.

What a server does with an exception is to write its message to a log, and the message may quote a
request. Counting, logging and the audit also see an answer in this way, not a hole.
"""

from __future__ import annotations

import time

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from r2c_api.body_limit import TooLarge
from r2c_api.faults import INTERNAL
from r2c_api.logs import logger
from r2c_api.problems import problem

log = logger("r2c.api")


class OwnFaults:
    """Answers with R2C-B600 where the application within raises, whatever it raises."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; an answer that has begun can only be broken off."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except TooLarge:
            raise  # the limit of the body answers this one
        except ClientDisconnect:
            return  # it left in the middle of its request: no fault, and nobody to answer
        except Exception as error:
            kind = type(error).__name__
            log.error("internal", kind=kind, exc_info=error)
            if not begun:
                at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                fault = INTERNAL.fault(kind=kind, at=at)
                await problem(fault, instance=scope["path"])(scope, receive, send)
