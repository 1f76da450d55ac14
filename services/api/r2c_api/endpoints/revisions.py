"""A rule of a model changed by hand: the changed model is solved as a formulation of its own."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import JsonValue

from r2c.cir.read_data import validated
from r2c.cir.schema import CIR
from r2c.client.wire import Job
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.ended_jobs import answer_of, model_of
from r2c_api.faults import NO_SUCH_RULE
from r2c_api.jobs import record as rows
from r2c_api.jobs.table import Key
from r2c_api.service import Service, service_of
from r2c_api.submitting import IdempotencyKey, Prefer, answered, earlier, enter, key_for

router = APIRouter(prefix="/v1/formulations/{job}", tags=["changes"])


@router.patch(
    "/cir/rules/{rule}",
    status_code=202,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "It ended while the request waited."},
        **problems(404, 409, 413, 422, 429, 503),
    },
)
async def patch_rule(
    job: JOB_ID,
    rule: Annotated[str, Path(max_length=64, examples=["oven"])],
    patch: Annotated[
        dict[str, JsonValue],
        Body(
            description="A JSON merge patch (RFC 7396) of the rule as /cir shows it.",
            examples=[{"operands": {"relation": "2*loaves <= 80"}}],
        ),
    ],
    service: Annotated[Service, Depends(service_of)],
    caller: Annotated[Caller, Depends(caller_of)],
    prefer: Prefer = "",
    idempotency_key: IdempotencyKey = "",
) -> Response:
    """Change a rule and solve the model again, without any language model.

    A formulation never changes: the answer is a new one, whose `parent` is this one; /diff tells
    what is different.
    """
    key = key_for(idempotency_key, {"job": job, "rule": rule, "patch": patch})
    if (found := await earlier(service, caller, key, prefer)) is not None:
        return found
    made = await asyncio.to_thread(_revise, service, caller, job, rule, patch, key)
    return await answered(service, made, prefer, created=True)


def _revise(
    service: Service,
    caller: Caller,
    job: str,
    rule: str,
    patch: dict[str, JsonValue],
    key: Key | None,
) -> rows.Record:
    answer = answer_of(service, caller, job)
    cir = patched(model_of(answer, job), job, rule, patch)
    title = service.jobs.get(caller.tenant, job).title
    request = rows.Request(cir=cir)
    return enter(
        service, caller, answer.problem, "solve", request, title=title, parent=job, key=key
    )


def patched(cir: CIR, job: str, rule: str, patch: dict[str, JsonValue]) -> CIR:
    """The model with one rule changed.

    Raises:
        InputError: R2C-B618, it has no such rule.
        CIRError: the changed rule is none.
    """
    data = cir.model_dump(mode="json")
    for place, item in enumerate(data["rules"]):
        if item["id"] == rule:
            data["rules"][place] = merged(item, patch)
            return validated(data)
    raise NO_SUCH_RULE(job=job, rule=rule, known=[item.id for item in cir.rules][:40])


def merged(value: JsonValue, patch: JsonValue) -> JsonValue:
    """A JSON value after a merge patch, as RFC 7396 has it."""
    if not isinstance(patch, dict):
        return patch
    made = dict(value) if isinstance(value, dict) else {}
    for name, item in patch.items():
        if item is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), item)
    return made
