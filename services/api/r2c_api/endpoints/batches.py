"""Many problems in one request: entered all or none, looked at together."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from r2c import telemetry
from r2c.client.wire import Batch, JobState, NewBatch
from r2c.problem.schema import Problem
from r2c_api import reading
from r2c_api.access import Caller, caller_of
from r2c_api.documented import problems
from r2c_api.faults import NO_SUCH_BATCH
from r2c_api.first_words import first_words
from r2c_api.jobs.record import NewJob, Request
from r2c_api.jobs.table import Key
from r2c_api.plain_json import plain
from r2c_api.service import Service, service_of
from r2c_api.submitting import IdempotencyKey, key_for, written

router = APIRouter(prefix="/v1/batches", tags=["batches"])
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_BATCH = Annotated[str, Path(max_length=32, pattern=r"^[0-9a-f]{16}$")]


@router.post("", status_code=202, response_model=Batch, responses=problems(413, 422, 429, 503))
async def submit(
    given: NewBatch, service: _Service, caller: _Caller, idempotency_key: IdempotencyKey = ""
) -> Response:
    """Enter many problems at once; one that cannot be read refuses them all, by its place."""
    key = await asyncio.to_thread(lambda: key_for(idempotency_key, plain(given)))
    known = None
    if key is not None:
        known = await asyncio.to_thread(service.jobs.known, caller.tenant, key)
    if known is None:
        found: list[Problem] = []
        async with service.readers:
            for item in given.items:
                seconds = service.settings.serve_reading_seconds
                found.append(await reading.read_request(item.text, item.tables, (), seconds))
        known = await asyncio.to_thread(_entered, service, caller, given, found, key)
    batch = await asyncio.to_thread(_batch, service, caller, known)
    where = f"/v1/batches/{batch.id}"
    return JSONResponse(batch.model_dump(mode="json"), 202, {"Location": where})


@router.get("/{batch}", responses=problems(404))
def look(batch: _BATCH, service: _Service, caller: _Caller) -> Batch:
    """A batch: how many of its jobs are in which state, and all of them."""
    return _batch(service, caller, batch)


@router.post("/{batch}/cancel", responses=problems(404))
def cancel(batch: _BATCH, service: _Service, caller: _Caller) -> Batch:
    """Cancel every job of a batch that has not ended."""
    for job in _batch(service, caller, batch).jobs:
        if not job.state.ended:
            service.jobs.cancel(caller.tenant, job.id)
            service.worker.cancel(job.id)
    service.bell.ring()
    return _batch(service, caller, batch)


def _entered(
    service: Service, caller: Caller, given: NewBatch, problems: list[Problem], key: Key | None
) -> str:
    batch = secrets.token_hex(8)
    with written(service, caller, problems) as (ids, keep):
        trace = telemetry.traceparent()
        jobs = [
            NewJob(
                id=id, tenant=caller.tenant, kind="formulate", batch=batch,
                title=item.title or first_words(item.text),
                request=Request(samples=item.samples, trace=trace, day=caller.day),
            )
            for id, item in zip(ids, given.items, strict=True)
        ]  # fmt: skip
        known = service.jobs.submit(jobs, key)
        if known is None:
            keep()
    service.worker.wake()
    return known or batch


def _batch(service: Service, caller: Caller, batch: str) -> Batch:
    jobs = service.jobs.page(caller.tenant, 10_000, None, batch)
    if not jobs:
        raise NO_SUCH_BATCH(batch=batch)
    counts = Counter(job.state for job in jobs)
    return Batch(
        id=batch,
        counts={state: counts.get(state, 0) for state in JobState},
        jobs=tuple(job.told() for job in reversed(jobs)),
    )
