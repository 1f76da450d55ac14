"""What a replica says on its way to the client: whole answers, events, and how they break."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx2
from pydantic import JsonValue
from starlette.types import Message, Send

from r2c.errors import R2CError
from r2c_inference.proxy.problem import REPLICA_FAILED, ProblemError, members

_LARGEST_ANSWER = 64 << 20


class Counted:
    """`send`, and the status that went out with it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        """Send a message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


async def pass_stream(reply: httpx2.Response, id: str, send: Counted) -> None:
    """Pass events on as they come; a stream that breaks ends with an event that says so."""
    chunks: AsyncIterator[bytes] = reply.aiter_bytes()
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-request-id", id.encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    try:
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except httpx2.HTTPError as error:
        return await end_stream(failed(error), send)
    await send({"type": "http.response.body", "body": b""})


async def end_stream(error: R2CError, send: Counted) -> None:
    """End events that have begun with one that says why."""
    told: dict[str, JsonValue] = members(error.fault, 502)
    event = f"data: {json.dumps(told, ensure_ascii=False)}\n\n"
    await send({"type": "http.response.body", "body": event.encode()})


async def whole(reply: httpx2.Response) -> bytes:
    """The body of an answer that is no stream.

    Raises:
        ProblemError: 502, it broke off or is too large.
    """
    found = bytearray()
    try:
        async for chunk in reply.aiter_bytes():
            found += chunk
            if len(found) > _LARGEST_ANSWER:
                raise ProblemError(502, REPLICA_FAILED(reason="Its answer is too large"))
    except httpx2.HTTPError as error:
        raise ProblemError(502, failed(error)) from None
    return bytes(found)


def failed(error: Exception) -> R2CError:
    """That a connection failed; its address stays inside."""
    return REPLICA_FAILED(reason=f"The connection to it failed ({type(error).__name__})")


def said(body: bytes) -> str:
    """What a model server said of a request, on one line."""
    try:
        value = json.loads(body)
        error = value.get("error", value)
        text = str(error.get("message") or error)
    except (ValueError, AttributeError):
        text = body.decode(errors="replace")
    return " ".join(text.split())[:500].rstrip(".") or "nothing"
