"""What if, why not, and one change with several values; no language model is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request

from r2c.cir.schema import CIR
from r2c.client.wire import Changes, Wish
from r2c.formulation import Formulation, Outcome
from r2c.pipeline.worker import JobSolver
from r2c.solve.limits import Limits
from r2c.supposition import Scenarios, WhatIf, WhyNot
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.ended_jobs import answer_of, model_of
from r2c_api.faults import ONE_VALUE
from r2c_api.service import Service, service_of

router = APIRouter(prefix="/v1/formulations/{job}", tags=["changes"])
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_SAID = problems(404, 409, 422, 429, 503)
T = TypeVar("T")


@router.post("/what-if", responses=_SAID)
async def what_if(
    job: JOB_ID, changes: Changes, request: Request, service: _Service, caller: _Caller
) -> WhatIf:
    """What would become different if numbers, rules or decisions were others."""
    from r2c.verdict.what_if import what_if as told

    return await _supposed(
        service, caller, job, request,
        lambda cir, answer, limits, before, solver: told(
            cir, answer.problem, changes.changes, limits, solver, before=before
        ),
    )  # fmt: skip


@router.post("/scenarios", responses=_SAID)
async def scenarios(
    job: JOB_ID, changes: Changes, request: Request, service: _Service, caller: _Caller
) -> Scenarios:
    """A table of what each value of one change would give; other changes hold for all rows."""
    from r2c.verdict.scenarios import scenarios as told
    from r2c.verdict.scenarios import split_series

    single, series = split_series(changes.changes)
    if series is None:
        raise ONE_VALUE()
    return await _supposed(
        service, caller, job, request,
        lambda cir, answer, limits, before, solver: told(
            cir, answer.problem, series, limits, solver, also=single, before=before
        ),
    )  # fmt: skip


@router.post("/why-not", responses=_SAID)
async def why_not(
    job: JOB_ID, wish: Wish, request: Request, service: _Service, caller: _Caller
) -> WhyNot:
    """Why the plan is not as wished: what it would cost, or which rules stand against it."""
    from r2c.verdict.why_not import why_not as told

    return await _supposed(
        service, caller, job, request,
        lambda cir, answer, limits, before, solver: told(
            cir, answer.problem, wish.wish, limits, solver, before=before
        ),
    )  # fmt: skip


_Told = Callable[[CIR, Formulation, Limits, Formulation | None, JobSolver], T]


async def _supposed(
    service: Service, caller: Caller, job: str, request: Request, told: _Told[T]
) -> T:
    """What comes of a supposition about the answer that its client has seen."""
    answer = await asyncio.to_thread(answer_of, service, caller, job)
    settled = answer.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
    before = answer if settled else None
    limits = Limits.of(service.settings)
    return await service.desk.work(
        request, service.meter(caller), partial(told, model_of(answer, job), answer, limits, before)
    )
