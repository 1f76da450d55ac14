"""Whether the process lives, whether it can do its work, and numbers about it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from r2c.errors import R2CError
from r2c.problem.schema import Frozen
from r2c_api.service import Service, service_of

router = APIRouter(tags=["health"])
_Service = Annotated[Service, Depends(service_of)]


class Health(Frozen):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Frozen):
    """What is needed for work; `checks` tells what is wrong where something is."""

    ready: bool
    checks: dict[str, str]


@router.get("/healthz")
async def health() -> Health:
    """The process lives."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready."}})
async def readiness(service: _Service) -> JSONResponse:
    """Whether jobs can be taken and worked on: the store writes, the worker works."""
    checks = await asyncio.to_thread(_checked, service)
    ready = all(told == "ok" for told in checks.values())
    said = Readiness(ready=ready, checks=checks)
    return JSONResponse(said.model_dump(mode="json"), 200 if ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "For Prometheus."}},
)
def metrics(service: _Service) -> Response:
    """Counts and times of requests and jobs."""
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")


def _checked(service: Service) -> dict[str, str]:
    checks = {"store": "ok", "worker": "ok"}
    try:
        service.jobs.beat(())
        with service.database.writing() as session:
            session.run("DELETE FROM idempotency WHERE at < 0")
    except R2CError as error:
        checks["store"] = error.code
    if service.settings.serve_jobs and not service.worker.alive:
        checks["worker"] = "stopped"
    if service.bell.closed:
        checks["service"] = "stopping"
    return checks
