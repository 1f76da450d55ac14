"""The first page: the words of a problem, its files, and examples to begin with."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from r2c.pipeline.store import JobStore
from r2c_api.access import Caller, caller_of
from r2c_api.endpoints import formulations, solving
from r2c_api.page.examples import example, examples, file_of, files_of, model_of
from r2c_api.page.shell import is_part
from r2c_api.page.templates import html
from r2c_api.service import Service, service_of
from r2c_api.tenants import settings_for

router = APIRouter(include_in_schema=False)
_Service = Annotated[Service, Depends(service_of)]
_Caller = Annotated[Caller, Depends(caller_of)]


@router.get("/")
def start(
    request: Request, service: _Service, caller: _Caller, example: str = "", job: str = ""
) -> Response:
    """The page to begin on, with the words of an example or of a job if one is named."""
    known = examples()
    chosen = next((item for item in known if item.name == example), None)
    latest = formulations.list_jobs(service, caller, limit=3, before=None).jobs
    words = "" if chosen is None else chosen.text
    values: dict[str, object] = {"words": words, "title": "", "again": ()}
    values |= {"examples": known, "chosen": chosen, "latest": latest}
    if job:
        title = service.jobs.get(caller.tenant, job).title
        problem = JobStore(settings_for(service.settings, caller.tenant).data_dir).problem(job)
        files = tuple(table.name for table in problem.tables)
        values |= {"words": problem.text, "title": title, "again": files}
    return HTMLResponse(html("start.html", keys=request.app.state.keys, **values))


@router.post("/jobs")
async def submit(request: Request, service: _Service, caller: _Caller) -> Response:
    """Enter what the form holds as a job, as `POST /v1/formulations` does."""
    given, files = await formulations.given_in(request)
    files = [file for file in files if file.content or file.name != "files"]
    made = await formulations.entered(service, caller, given, files)
    return _to(request, f"/jobs/{made.id}")


@router.post("/examples/{name}")
async def solve_example(
    name: str, request: Request, service: _Service, caller: _Caller
) -> Response:
    """Solve the kept model of an example, as `POST /v1/solve` does; no language model is asked."""
    item = example(name)
    files = await asyncio.to_thread(files_of, item)
    given = solving.GivenModel(cir=model_of(item), text=item.text, title=item.title)
    made = await solving.entered(service, caller, given, files=files)
    return _to(request, f"/jobs/{made.id}")


@router.get("/examples/{name}/{file}")
def example_file(name: str, file: str) -> Response:
    """A file of an example, for the form."""
    content = file_of(example(name), file)
    return Response(content, media_type="text/csv; charset=utf-8")


def _to(request: Request, path: str) -> Response:
    """On to another page, also where a script has asked."""
    if is_part(request.scope):
        return Response(status_code=200, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)
