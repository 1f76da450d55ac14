"""Solving a model that is given: no language model is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Response
from pydantic import Field

from r2c.cir.read_data import validated
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.client.wire import Given, Job, Label, Tables
from r2c.problem.files import Attached
from r2c_api import reading
from r2c_api.access import Caller, caller_of
from r2c_api.documented import problems
from r2c_api.faults import MALFORMED
from r2c_api.first_words import first_words
from r2c_api.jobs import record as rows
from r2c_api.jobs.table import Key
from r2c_api.plain_json import more_values_than, plain
from r2c_api.service import Service, service_of
from r2c_api.submitting import IdempotencyKey, Prefer, answered, earlier, enter, key_for

router = APIRouter(prefix="/v1", tags=["formulations"])
_CIR: Any = {"anyOf": [{"$ref": "#/components/schemas/CIR"}, {"type": "string"}]}
_MOST_VALUES = 100_000
"""Values of a model in JSON, which is much more than its text form of a megabyte says."""
_EXAMPLE = {
    "cir": {
        "decisions": [{"name": "loaves", "domain": "integer"}],
        "rules": [{"id": "oven", "operands": {"relation": "2*loaves <= 60"}}],
        "objectives": [{"sense": "max", "expr": "3*loaves"}],
    }
}


class GivenModel(Given):
    """A model to solve, with the tables that it reads."""

    cir: Annotated[
        dict[str, Any] | Annotated[str, Field(max_length=1_000_000)],
        Field(
            description="The model: a CIR, or its text form. Faults of it are told by their codes.",
            json_schema_extra=_CIR,
        ),
    ]
    text: str | None = Field(
        default=None,
        description="The words it was made from; with them numbers, quotes and directions are "
        "checked.",
    )
    tables: Tables = Field(default_factory=dict)
    title: Label = ""


@router.post(
    "/solve",
    status_code=202,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "It ended while the request waited."},
        **problems(413, 422, 429, 503),
    },
)
async def solve(
    given: Annotated[GivenModel, Body(openapi_examples={"bakery": {"value": _EXAMPLE}})],
    service: Annotated[Service, Depends(service_of)],
    caller: Annotated[Caller, Depends(caller_of)],
    prefer: Prefer = "",
    idempotency_key: IdempotencyKey = "",
) -> Response:
    """Solve and judge a model; a job like any other, of the kind `solve`.

    A model that cannot be read is refused; one that can is answered, whatever is wrong with it.
    """
    key = await asyncio.to_thread(lambda: key_for(idempotency_key, plain(given)))
    if (found := await earlier(service, caller, key, prefer)) is not None:
        return found
    made = await entered(service, caller, given, key)
    return await answered(service, made, prefer, created=True)


async def entered(
    service: Service,
    caller: Caller,
    given: GivenModel,
    key: Key | None = None,
    files: Sequence[Attached] = (),
) -> rows.Record:
    """Read a model with its tables and files and enter its job.

    Raises:
        InputError: the model, its words or its tables cannot be read; the queue is full.
        StoreError: R2C-B607, R2C-B613, R2C-G031.
    """
    cir = await asyncio.to_thread(_read, given.cir)
    async with service.readers:
        problem = await reading.read_request(
            given.text or None, given.tables, files, service.settings.serve_reading_seconds
        )
    title = given.title or first_words(cir.title or problem.text)
    return await asyncio.to_thread(
        enter, service, caller, problem, "solve", rows.Request(cir=cir), title=title, key=key
    )


def _read(given: dict[str, Any] | str) -> CIR:
    if isinstance(given, str):
        return read_text(given)
    if more_values_than(_MOST_VALUES, given):
        raise MALFORMED(problem=f"the model holds more than {_MOST_VALUES} values", count=1)
    return validated(given)
