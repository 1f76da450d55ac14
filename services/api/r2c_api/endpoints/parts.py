"""The parts of an answer: the whole, the model, the plan, the trust, what numbers are worth."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel

from r2c.cir.schema import CIR
from r2c.cir.text import write_text
from r2c.client.wire import Sensitivities, Verdict
from r2c.formulation import Conflict, Formulation, Solution
from r2c.pipeline.store import RESULT
from r2c.solve.limits import Limits
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.ended_jobs import answer_of, folder_of, missing, model_of
from r2c_api.service import Service, service_of

router = APIRouter(prefix="/v1/formulations/{job}", tags=["parts"])
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_Known = Annotated[str, Header(alias="If-None-Match", max_length=400)]
_SAID = problems(404, 409)


@router.get("/result", response_model=Formulation, responses=_SAID)
def result(job: JOB_ID, service: _Service, caller: _Caller, known: _Known = "") -> Response:
    """The whole answer: problem, model, plan, evidence, events, cost."""
    content = (folder_of(service, caller, job) / RESULT).read_bytes()
    return _unless_known(content, "application/json", known)


@router.get(
    "/cir",
    response_model=CIR,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **_SAID},
)
def cir(
    job: JOB_ID,
    service: _Service,
    caller: _Caller,
    form: Annotated[
        Literal["json", "text"], Query(description="JSON, or the text that people read.")
    ] = "json",
    known: _Known = "",
) -> Response:
    """The model: sets, parameters, decisions, rules with the words they come from, objectives."""
    found = model_of(answer_of(service, caller, job), job)
    if form == "text":
        return _unless_known(write_text(found).encode(), "text/plain; charset=utf-8", known)
    return _part(found, known)


@router.get("/solution", response_model=Solution, responses=_SAID)
def solution(job: JOB_ID, service: _Service, caller: _Caller, known: _Known = "") -> Response:
    """The plan: values, objective, bounds, rows by rule."""
    answer = answer_of(service, caller, job)
    if answer.solution is None:
        raise missing(answer, job, "solution")
    return _part(answer.solution, known)


@router.get("/verdict", response_model=Verdict, responses=_SAID)
def verdict(job: JOB_ID, service: _Service, caller: _Caller, known: _Known = "") -> Response:
    """How far the answer may be believed, with every check and its finding."""
    answer = answer_of(service, caller, job)
    names = Verdict.model_fields.keys()
    return _part(Verdict(**{name: getattr(answer, name) for name in names}), known)


@router.get("/iis", response_model=Conflict, responses=_SAID)
def iis(job: JOB_ID, service: _Service, caller: _Caller, known: _Known = "") -> Response:
    """The rules that cannot all hold, and the ways out; only of an infeasible answer."""
    answer = answer_of(service, caller, job)
    if answer.conflict is None:
        raise missing(answer, job, "conflict")
    return _part(answer.conflict, known)


@router.get("/sensitivity", responses=problems(404, 409, 503))
async def sensitivity(
    job: JOB_ID, request: Request, service: _Service, caller: _Caller
) -> Sensitivities:
    """What one more unit of each number that binds is worth, and how far that holds."""
    from r2c.verdict.with_sensitivity import with_sensitivity

    answer = await asyncio.to_thread(answer_of, service, caller, job)
    if answer.solution is None:
        raise missing(answer, job, "solution")
    limits = Limits.of(service.settings)
    told = await service.desk.work(
        request, service.meter(caller), lambda _: with_sensitivity(answer, limits)
    )
    assert told.solution is not None
    return Sensitivities(
        sensitivity=told.solution.sensitivity, cost_ranges=told.solution.cost_ranges
    )


def _part(part: BaseModel, known: str) -> Response:
    return _unless_known(part.model_dump_json().encode(), "application/json", known)


def _unless_known(content: bytes, kind: str, known: str) -> Response:
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    if etag in known:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(content, media_type=kind, headers={"ETag": etag})
