"""Entering jobs: once, whatever is sent again, and answered as soon as the client prefers."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

from fastapi import Header, Response
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from r2c import telemetry
from r2c.errors import InputError, StoreError
from r2c.pipeline.jobs import remove_job
from r2c.pipeline.store import JobStore
from r2c_api.faults import MALFORMED
from r2c_api.jobs.record import Kind, NewJob, Record, Request
from r2c_api.jobs.table import Key
from r2c_api.plain_json import written as written_plainly
from r2c_api.tenants import settings_for

if TYPE_CHECKING:
    from r2c.problem.files import Attached
    from r2c.problem.schema import Problem
    from r2c_api.access import Caller
    from r2c_api.service import Service

Prefer = Annotated[
    str,
    Header(
        alias="Prefer",
        max_length=200,
        description="`wait=30` answers when the job has ended, at the latest after 30 seconds.",
        examples=["wait=30"],
    ),
]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="A key of your own; a request that is sent again with it does nothing twice.",
        examples=["0a6c1f8e-2f5e-4a55-9a0f-5b6c1a7d1f11"],
    ),
]
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?:$|[,;])", re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def key_for(key: str, parts: JsonValue, files: Iterable[Attached] = ()) -> Key | None:
    """An idempotency key with the digest of what the request says.

    Raises:
        InputError: R2C-B601, the key or what the request says is nothing that can be kept.
    """
    said = written_plainly(parts)
    digest = hashlib.sha256()
    try:
        digest.update(said.encode())
    except UnicodeEncodeError:
        problem = "it holds half of a character that takes two (a lone surrogate)"
        raise MALFORMED(problem=problem, count=1) from None
    for file in files:
        digest.update(hashlib.sha256(f"{file.name}\0".encode() + file.content).digest())
    if not key:
        return None
    if not _KEY.fullmatch(key):
        problem = "Idempotency-Key: 1 to 200 visible characters without blanks are due"
        raise MALFORMED(problem=problem, count=1)
    return Key(key, digest.hexdigest())


def enter(
    service: Service,
    caller: Caller,
    problem: Problem,
    kind: Kind,
    request: Request,
    *,
    title: str = "",
    parent: str | None = None,
    key: Key | None = None,
) -> Record:
    """Write a problem to disk and enter its job; the earlier job if the key stands for one.

    Raises:
        StoreError: R2C-B607, R2C-B613, R2C-G031.
        InputError: R2C-B606.
    """
    with written(service, caller, [problem]) as ([job], keep):
        fresh = NewJob(
            id=job,
            tenant=caller.tenant,
            kind=kind,
            request=request.model_copy(
                update={"trace": telemetry.traceparent(), "day": caller.day}
            ),
            title=title,
            parent=parent,
        )
        known = service.jobs.submit([fresh], key)
        if known is None:
            keep()
    record = service.jobs.get(caller.tenant, known or job)
    service.worker.wake()
    service.bell.ring()
    return record


@contextmanager
def written(
    service: Service, caller: Caller, problems: Sequence[Problem]
) -> Iterator[tuple[list[str], Callable[[], None]]]:
    """Problems on disk, with the ids of their folders, which go away again unless `keep` is called.

    Nobody was told of them if their jobs are refused, or were sent twice at once.
    """
    store = JobStore(settings_for(service.settings, caller.tenant).data_dir)
    ids: list[str] = []
    with ExitStack() as undo:
        for problem in problems:
            with store.begun(problem) as job:  # let go at once: a worker must find it free
                ids.append(job)
            undo.callback(_remove_unless_entered, service, caller.tenant, store, job)

        def keep() -> None:
            undo.pop_all()

        yield ids, keep


def _remove_unless_entered(service: Service, tenant: str, store: JobStore, job: str) -> None:
    """Remove a problem that no job stands for.

    A database may enter a job and be gone before it says so: then the job is there and needs its
    problem. Where the database does not answer the folder stays, for the same reason.
    """
    try:
        service.jobs.get(tenant, job)
    except StoreError:
        return
    except InputError:
        remove_job(store, job)


async def earlier(
    service: Service, caller: Caller, key: Key | None, prefer: str
) -> Response | None:
    """The answer to a request that was sent before under its key; None if it was not.

    Raises:
        InputError: R2C-B606, the key belongs to another request.
    """
    if key is None:
        return None
    known = await asyncio.to_thread(service.jobs.known, caller.tenant, key)
    if known is None:
        return None
    record = await asyncio.to_thread(service.jobs.get, caller.tenant, known)
    return await answered(service, record, prefer, created=True)


async def answered(service: Service, record: Record, prefer: str, *, created: bool) -> Response:
    """The job as a response, after the wait that the client prefers."""
    seconds = wished(prefer, service.settings.serve_wait_seconds)
    if seconds:
        record = await ended(service, record, seconds)
    headers = {"ETag": f'"{record.id}-{record.version}"'}
    if created:
        headers["Location"] = f"/v1/formulations/{record.id}"
    if seconds:
        headers["Preference-Applied"] = f"wait={seconds:.0f}"
    if not record.state.ended:
        headers["Retry-After"] = "1"
    status = 202 if created and not record.state.ended else 200
    return JSONResponse(record.told().model_dump(mode="json"), status, headers)


def wished(prefer: str, most: float) -> float:
    """The seconds that a client wants to wait for an answer, 0 if it does not."""
    found = _WAIT.search(prefer)
    return 0.0 if found is None else min(float(found[1]), most)


async def ended(service: Service, record: Record, seconds: float) -> Record:
    """A job after its end, or after some seconds, or when the service stops."""
    deadline = time.monotonic() + seconds
    while True:
        ticket = service.bell.ticket()
        record = await asyncio.to_thread(service.jobs.get, record.tenant, record.id)
        left = deadline - time.monotonic()
        if record.state.ended or left <= 0 or service.bell.closed:
            return record
        await service.bell.wait(ticket, left)
