"""Formulations: submitted as words and tables, looked at, listed, cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.datastructures import UploadFile

from r2c.client.wire import Job, JobPage, NewFormulation
from r2c.problem.files import Attached
from r2c_api import reading
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.faults import MALFORMED, UNKNOWN_FORM
from r2c_api.first_words import first_words
from r2c_api.jobs import record as rows
from r2c_api.jobs.table import Key
from r2c_api.plain_json import plain
from r2c_api.service import Service, service_of
from r2c_api.submitting import IdempotencyKey, Prefer, answered, earlier, enter, key_for

router = APIRouter(prefix="/v1/formulations", tags=["formulations"])
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_MOST_FILES = 50
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/NewFormulation"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {
                        "text": {"type": "string", "description": "The problem in words."},
                        "files": {
                            "type": "array",
                            "maxItems": _MOST_FILES,
                            "items": {"type": "string", "format": "binary"},
                            "description": "CSV, TSV, JSON or XLSX files; a table is named after "
                            "its file.",
                        },
                        "samples": {"type": "integer", "minimum": 1, "maximum": 64},
                        "title": {"type": "string", "maxLength": 200},
                    },
                }
            },
        },
    }
}


@router.post(
    "",
    status_code=202,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "It ended while the request waited."},
        **problems(413, 415, 422, 429, 503),
    },
    openapi_extra=_FORM,
)
async def submit(
    request: Request,
    service: _Service,
    caller: _Caller,
    prefer: Prefer = "",
    idempotency_key: IdempotencyKey = "",
) -> Response:
    """Turn a problem in words into a solved and judged model: a job that is worked on at once.

    What cannot be read as a problem is refused now. The answer is 202 with the job; with
    `Prefer: wait=30` it comes when the job has ended.
    """
    given, files = await given_in(request)
    key = await asyncio.to_thread(lambda: key_for(idempotency_key, plain(given), files))
    if (found := await earlier(service, caller, key, prefer)) is not None:
        return found
    made = await entered(service, caller, given, files, key)
    return await answered(service, made, prefer, created=True)


async def entered(
    service: Service,
    caller: Caller,
    given: NewFormulation,
    files: Sequence[Attached],
    key: Key | None = None,
) -> rows.Record:
    """Read a problem with its files and enter its job.

    Raises:
        InputError: it cannot be read as a problem; the queue of the tenant is full.
        StoreError: R2C-B607, R2C-B613, R2C-G031.
    """
    async with service.readers:
        problem = await reading.read_request(
            given.text, given.tables, files, service.settings.serve_reading_seconds
        )
    return await asyncio.to_thread(
        enter, service, caller, problem, "formulate", rows.Request(samples=given.samples),
        title=given.title or first_words(given.text), key=key,
    )  # fmt: skip


@router.get("", responses=problems(422))
def list_jobs(
    service: _Service,
    caller: _Caller,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[
        float | None, Query(description="Only jobs created before this time.", ge=0, le=1e12)
    ] = None,
) -> JobPage:
    """Your formulations, the latest first."""
    found = service.jobs.page(caller.tenant, limit, before)
    last = f"/v1/formulations?limit={limit}&before={found[-1].created!r}" if found else None
    return JobPage(
        jobs=tuple(record.told() for record in found), next=last if len(found) == limit else None
    )


@router.get(
    "/{job}",
    response_model=Job,
    responses=problems(404) | {304: {"description": "It is as the ETag says."}},
)
async def look(
    job: JOB_ID,
    service: _Service,
    caller: _Caller,
    prefer: Prefer = "",
    if_none_match: Annotated[str, Header(alias="If-None-Match", max_length=400)] = "",
) -> Response:
    """A formulation: where it is, and in short what came of it."""
    record = await asyncio.to_thread(service.jobs.get, caller.tenant, job)
    response = await answered(service, record, prefer, created=False)
    if response.headers["ETag"] in if_none_match:
        return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
    return response


@router.post("/{job}/cancel", responses=problems(404))
def cancel(job: JOB_ID, service: _Service, caller: _Caller) -> Job:
    """Cancel a formulation: the language model and the solver stop at once.

    One that has ended stays as it is. `state` tells when it has happened.
    """
    record = service.jobs.cancel(caller.tenant, job)
    service.worker.cancel(job)
    service.bell.ring()
    return record.told()


async def given_in(request: Request) -> tuple[NewFormulation, list[Attached]]:
    """What a request says, and the files that come with it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _form(request)
    if kind not in ("application/json", ""):
        raise UNKNOWN_FORM(type=kind[:80])
    body = await request.body()
    return await asyncio.to_thread(
        _validated, lambda: NewFormulation.model_validate(_json(body))
    ), []


def _json(body: bytes) -> object:
    try:
        return from_json(body)
    except ValueError as error:
        raise MALFORMED(problem=str(error).rstrip("."), count=1) from None


async def _form(request: Request) -> tuple[NewFormulation, list[Attached]]:
    files: list[Attached] = []
    fields: dict[str, object] = {}
    async with request.form(max_files=_MOST_FILES, max_fields=20, max_part_size=1 << 20) as form:
        for name, part in form.multi_items():
            if not isinstance(part, UploadFile):
                fields[name] = int(part) if name == "samples" and part.isdecimal() else part
            elif name == "text":
                fields[name] = (await part.read()).decode("utf-8", errors="replace")
            else:
                files.append(Attached(part.filename or name, await part.read()))
    return _validated(lambda: NewFormulation.model_validate(fields)), files


def _validated(read: Callable[[], NewFormulation]) -> NewFormulation:
    try:
        return read()
    except ValidationError as error:
        found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        raise RequestValidationError(found) from None
