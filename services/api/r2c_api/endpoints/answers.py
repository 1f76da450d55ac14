"""Answers to what only the planner can settle: the same job goes on with them."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from r2c import telemetry
from r2c.client.wire import Job, NewAnswers
from r2c.verdict.questions.replies import replied
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.ended_jobs import answer_of
from r2c_api.faults import NOT_ENDED
from r2c_api.jobs.record import Record
from r2c_api.service import Service, service_of
from r2c_api.submitting import Prefer, answered

router = APIRouter(prefix="/v1/formulations/{job}", tags=["changes"])


@router.post(
    "/answers",
    status_code=202,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "It ended while the request waited."},
        **problems(404, 409, 422, 429, 503),
    },
)
async def answer(
    job: JOB_ID,
    given: NewAnswers,
    service: Annotated[Service, Depends(service_of)],
    caller: Annotated[Caller, Depends(caller_of)],
    prefer: Prefer = "",
) -> Response:
    """Answer questions of a formulation; it goes on with all that it has read, and ends again.

    An answer that fits no question is refused now. Sent again, the same answers change nothing.
    """
    record = await asyncio.to_thread(_go_on, service, caller, job, given)
    service.worker.wake()
    service.bell.ring()
    return await answered(service, record, prefer, created=True)


def _go_on(service: Service, caller: Caller, job: str, given: NewAnswers) -> Record:
    record = service.jobs.get(caller.tenant, job)
    if _has(record, given):  # sent again after a reply that was lost, perhaps while it goes on
        return record
    known = answer_of(service, caller, job)
    taken = replied(known.questions, given.answers)
    if taken == known.questions:
        return record
    # A given model is solved anew with all its answers; a read one keeps the earlier ones itself.
    answers = {**record.request.answers, **given.answers}
    request = record.request.model_copy(
        update={"answers": answers, "trace": telemetry.traceparent()}
    )
    went_on = service.jobs.go_on(caller.tenant, job, request, record.version)
    record = service.jobs.get(caller.tenant, job)
    if not went_on and not _has(record, given):
        raise NOT_ENDED(job=job, state="going on with other answers")
    return record


def _has(record: Record, given: NewAnswers) -> bool:
    return given.answers.items() <= record.request.answers.items()
