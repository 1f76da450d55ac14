"""The pages of jobs: one of them as it stands, all of them, and what ends or goes on."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from r2c.archetypes.load import further_cards
from r2c.client.wire import JobState, NewAnswers
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID
from r2c_api.ended_jobs import answer_of
from r2c_api.endpoints import answers, formulations
from r2c_api.jobs.record import Record
from r2c_api.page.answer import shown
from r2c_api.page.faults import NO_ANSWER_GIVEN
from r2c_api.page.shell import is_part
from r2c_api.page.stages import PHASES
from r2c_api.page.templates import html
from r2c_api.service import Service, service_of
from r2c_api.tenants import cards_of

router = APIRouter(prefix="/jobs", include_in_schema=False)
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]
_PAGE = 25


@router.get("")
def history(
    request: Request,
    service: _Service,
    caller: _Caller,
    before: Annotated[float | None, Query(ge=0, le=1e12)] = None,
) -> Response:
    """The jobs of whoever asks, the latest first."""
    found = formulations.list_jobs(service, caller, limit=_PAGE, before=before)
    onward = None if found.next is None else found.next.rpartition("before=")[2]
    name = "parts/job_rows.html" if is_part(request.scope) else "history.html"
    values = {"jobs": found.jobs, "before": onward, "keys": request.app.state.keys}
    return HTMLResponse(html(name, **values))


@router.get("/{job}")
async def look(job: JOB_ID, request: Request, service: _Service, caller: _Caller) -> Response:
    """A job: its steps while it runs, then its answer."""
    return await _job(service, caller, request, job)


@router.post("/{job}/cancel")
async def cancel(job: JOB_ID, request: Request, service: _Service, caller: _Caller) -> Response:
    """Stop a job."""
    await asyncio.to_thread(formulations.cancel, job, service, caller)
    return await _changed(service, caller, request, job)


@router.post("/{job}/answers")
async def answer(job: JOB_ID, request: Request, service: _Service, caller: _Caller) -> Response:
    """Answer questions of a job; it goes on with them."""
    async with request.form(max_files=0, max_fields=200) as form:
        given = _answers(form)
    await answers.answer(job, NewAnswers(answers=given), service, caller)
    return await _changed(service, caller, request, job)


def _answers(form: FormData) -> dict[str, str | float]:
    """What was filled in; a choice of one's own stands beside the options.

    Raises:
        InputError: R2C-B704, nothing was.
    """
    found: dict[str, str | float] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and value.strip():
            found[name[:200]] = value.strip()[:500]
    if not found:
        raise NO_ANSWER_GIVEN()
    return found


async def _changed(service: Service, caller: Caller, request: Request, job: str) -> Response:
    if not is_part(request.scope):
        return RedirectResponse(f"/jobs/{job}", 303)
    return await _job(service, caller, request, job)


async def _job(service: Service, caller: Caller, request: Request, job: str) -> Response:
    record = await asyncio.to_thread(service.jobs.get, caller.tenant, job)
    name = "parts/job.html" if is_part(request.scope) else "job.html"
    told = await asyncio.to_thread(_html, service, caller, record, name, request.app.state.keys)
    return HTMLResponse(told)


def _html(service: Service, caller: Caller, record: Record, name: str, keys: bool) -> str:
    view = None
    if record.state is JobState.SUCCEEDED:
        answer = answer_of(service, caller, record.id)
        with further_cards(cards_of(service.settings, caller.tenant)):
            view = shown(answer)
    return html(name, job=record.told(), view=view, phases=PHASES, keys=keys)
