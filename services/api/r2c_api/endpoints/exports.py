"""The mathematics of a formulation in the forms that other programs and papers take."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from r2c.model.export.forms import exported
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.ended_jobs import answer_of, model_of
from r2c_api.service import Service, service_of

router = APIRouter(prefix="/v1/formulations/{job}", tags=["parts"])
Form = Literal["latex", "lp", "mps", "python"]
_FILES: dict[Form, str] = {
    "latex": "model.tex",
    "lp": "model.lp",
    "mps": "model.mps",
    "python": "model.py",
}


@router.get(
    "/formulation/{form}",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {}}, "description": "The model as text."},
        **problems(404, 409, 422, 503),
    },
)
async def formulation(
    job: JOB_ID,
    form: Form,
    request: Request,
    service: Annotated[Service, Depends(service_of)],
    caller: Annotated[Caller, Depends(caller_of)],
) -> Response:
    """LaTeX that KaTeX takes, an LP or MPS file, or a Pyomo script that runs without R2C."""
    answer = await asyncio.to_thread(answer_of, service, caller, job)
    cir = model_of(answer, job)
    text = await service.desk.work(
        request, service.meter(caller), lambda _: exported(form, cir, answer.problem)
    )
    return Response(
        text,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{_FILES[form]}"'},
    )
