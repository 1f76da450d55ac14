"""The events of a formulation as a stream that can be resumed anywhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from fastapi.sse import EventSourceResponse

from r2c.client.wire import JobEvent
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.faults import TOO_MANY_STREAMS
from r2c_api.service import Service, service_of

router = APIRouter(prefix="/v1/formulations", tags=["formulations"])
_QUIET_SECONDS = 15.0
"""After so long without an event a comment keeps the connection open."""


@router.get(
    "/{job}/events",
    responses=problems(404, 429)
    | {
        200: {
            "description": "One event a step; `id` is its number, `data` a JobEvent.",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": 'id: 2\nevent: state\ndata: {"number": 2, "state": "running"}\n\n',
                }
            },
        },
        204: {"description": "All was told already; do not connect again."},
    },
)
async def events(
    job: JOB_ID,
    service: Annotated[Service, Depends(service_of)],
    caller: Annotated[Caller, Depends(caller_of)],
    last: Annotated[
        str,
        Header(
            alias="Last-Event-ID",
            max_length=18,
            pattern=r"^\d*$",
            description="The number of the last event that was seen; the stream begins after it.",
        ),
    ] = "",
) -> Response:
    """Everything that happened to a formulation and what still happens, until its end."""
    record = await asyncio.to_thread(service.jobs.get, caller.tenant, job)
    after = int(last or 0)
    if record.state.ended:
        told, _ = await asyncio.to_thread(service.jobs.events, job, after)
        if not told and after:
            return Response(status_code=204)
    limit = service.settings.serve_streams
    if service.streams[caller.tenant] >= limit:
        raise TOO_MANY_STREAMS(limit=limit)
    return EventSourceResponse(
        _counted(service, caller.tenant, _stream(service, job, after), limit),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _counted(
    service: Service, tenant: str, stream: AsyncIterator[bytes], limit: int
) -> AsyncIterator[bytes]:
    """A stream that counts among those of its tenant while it is read.

    Of many that begin at once some find the last place taken: they end at once, so that their
    clients connect again, and are told.
    """
    if service.streams[tenant] >= limit:
        return
    service.streams[tenant] += 1
    try:
        async for part in stream:
            yield part
    finally:
        service.streams[tenant] -= 1
        if not service.streams[tenant]:
            del service.streams[tenant]


async def _stream(service: Service, job: str, after: int) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    while True:
        ticket = service.bell.ticket()
        told, state = await asyncio.to_thread(service.jobs.events, job, after)
        for event in told:
            after = event.number
            yield _encoded(event)
        if state.ended or service.bell.closed:
            return
        if not told and not await service.bell.wait(ticket, _QUIET_SECONDS):
            yield b": still here\n\n"


def _encoded(event: JobEvent) -> bytes:
    kind = "step" if event.state is None else "state"
    # Readers of lines also break them at signs such as U+2028, which JSON need not escape.
    data = json.dumps(event.model_dump(mode="json"), ensure_ascii=True, separators=(",", ":"))
    return f"id: {event.number}\nevent: {kind}\ndata: {data}\n\n".encode()
