"""One request on its way to a replica and back, for as long as its client is there."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from uuid import uuid4

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from r2c.errors import R2CError
from r2c.llm.least_busy import Place
from r2c_inference.proxy.answer import Counted, end_stream, failed, pass_stream, said, whole
from r2c_inference.proxy.fields import Completion, checked, written
from r2c_inference.proxy.limits import Limits
from r2c_inference.proxy.metrics import Metrics
from r2c_inference.proxy.problem import (
    REFUSED,
    REPLICA_FAILED,
    TIMED_OUT,
    TOO_LARGE,
    TOO_SLOW,
    ProblemError,
)
from r2c_inference.proxy.replicas import Replica, Replicas

TRIES = 2
"""Replicas that one request is given to; one that breaks each of them must not reach all."""
WAIT_SECONDS = 2
"""Told in Retry-After; the replicas are looked at that often."""
_PASSED_ON = (400, 404, 413, 422)
"""Statuses that speak of the request, not of the replica."""


class _GoneError(Exception):
    """The client went away."""


class Relay:
    """The ASGI application of the two paths that answer with completions."""

    def __init__(self, replicas: Replicas, limits: Limits, metrics: Metrics) -> None:
        """Nothing is sent yet."""
        self._replicas = replicas
        self._limits = limits
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request, id = Request(scope, receive), uuid4().hex
        path, began = scope["path"], time.perf_counter()
        counted = Counted(send)
        status = "500"
        try:
            asked = checked(path, await self._body(request))
            await _while_there(self._answer(path, asked, id, counted), receive)
            status = str(counted.status)
        except ProblemError as problem:
            status = str(problem.status)
            await problem.response(id)(scope, receive, send)
        except _GoneError:
            status = "499"
            self._metrics.cancelled.inc()
        finally:
            self._metrics.requests.labels(path, status).inc()
            self._metrics.seconds.labels(path).observe(time.perf_counter() - began)

    async def _body(self, request: Request) -> bytes:
        limit, found = self._limits.body_kb * 1000, bytearray()
        too_large = ProblemError(413, TOO_LARGE(limit_kb=self._limits.body_kb))
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told) > limit:
            raise too_large
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                async for chunk in request.stream():
                    found += chunk
                    if len(found) > limit:
                        raise too_large
        except TimeoutError:
            seconds = self._limits.body_seconds
            raise ProblemError(408, TOO_SLOW(seconds=seconds)) from None
        return bytes(found)

    async def _answer(self, path: str, asked: Completion, id: str, send: Counted) -> None:
        """The answer of the first replica that gives one.

        Raises:
            ProblemError: 4xx by the request, 502 to 504 by the replicas.
        """
        tried: list[Place[Replica]] = []
        failure = self._replicas.nobody()
        seconds = self._limits.request_seconds
        try:
            async with asyncio.timeout(seconds):
                while len(tried) < TRIES:
                    place = self._replicas.chosen(asked.beginning, tried)
                    if place is None:
                        break
                    tried.append(place)
                    try:
                        with place.at_work(asked.beginning):
                            return await self._once(place.item, path, asked, id, send)
                    except _AwayError as away:
                        failure = away.error
                        if away.broken:
                            self._replicas.eject(place)
        except TimeoutError:
            late = TIMED_OUT(seconds=seconds)
            if send.status is None:
                raise ProblemError(504, late) from None
            return await end_stream(late, send)
        raise ProblemError(503, failure, wait=WAIT_SECONDS)

    async def _once(
        self, replica: Replica, path: str, asked: Completion, id: str, send: Counted
    ) -> None:
        """One replica's answer.

        Raises:
            _AwayError: nothing was sent, so another replica may be asked.
            ProblemError: the request is refused, or the replica failed over it.
        """
        post = replica.client.build_request(
            "POST", path, content=written(asked), headers={"content-type": "application/json"}
        )
        try:
            reply = await replica.client.send(post, stream=True)
        except (httpx2.HTTPError, OSError) as error:
            raise _AwayError(failed(error), broken=True) from None
        try:
            kind = reply.headers.get("content-type", "")
            if reply.status_code == 200 and kind.startswith("text/event-stream"):
                return await pass_stream(reply, id, send)
            body = await whole(reply)
        finally:
            await reply.aclose()
        self._judge(reply.status_code, body)
        self._count_tokens(body)
        await Response(body, 200, {"x-request-id": id}, "application/json")(
            {"type": "http"}, _nothing, send
        )

    def _judge(self, status: int, body: bytes) -> None:
        """Turn what is no answer into what the client gets."""
        if status == 200:
            return
        if status in (429, 503):
            said_so = f"one said HTTP {status}"
            raise _AwayError(self._replicas.nobody(said_so), broken=False)
        if status in _PASSED_ON:
            raise ProblemError(status, REFUSED(said=said(body)))
        reason = f"It answered HTTP {status}"
        raise ProblemError(502, REPLICA_FAILED(reason=reason))

    def _count_tokens(self, body: bytes) -> None:
        try:
            usage = json.loads(body).get("usage")
        except (ValueError, AttributeError):
            raise ProblemError(502, REPLICA_FAILED(reason="Its answer is no JSON object")) from None
        for kind in ("prompt_tokens", "completion_tokens"):
            count = usage.get(kind) if isinstance(usage, dict) else None
            if isinstance(count, int) and count > 0:
                self._metrics.tokens.labels(kind.removesuffix("_tokens")).inc(count)


class _AwayError(Exception):
    """A replica that did not begin to answer; `broken` if it could not be reached at all."""

    def __init__(self, error: R2CError, *, broken: bool) -> None:
        super().__init__(error.fault)
        self.error = error
        self.broken = broken


async def _while_there(work: Coroutine[None, None, None], receive: Receive) -> None:
    """Do the work unless the client goes away; the replica's connection is then closed with it.

    Raises:
        _GoneError: the client went away.
    """
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise _GoneError
        await doing
    finally:
        for task in (doing, gone):
            task.cancel()
        await asyncio.gather(doing, gone, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
