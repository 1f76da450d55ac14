"""Whether the process lives, whether it can do its work, and numbers about it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from r2c.problem.schema import Frozen
from r2c_api.readiness import Readiness
from r2c_api.service import Service, service_of

router = APIRouter(tags=["health"])
_Service = Annotated[Service, Depends(service_of)]


class Health(Frozen):
    """The process answers."""

    status: Literal["ok"] = "ok"


@router.get("/healthz")
async def health() -> Health:
    """The process lives."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready."}})
async def readiness(service: _Service) -> JSONResponse:
    """Whether jobs can be taken and worked on: store, files, worker, solver, cards, model.

    Each part was tried a moment ago or is tried now; one that fails is told by the code of its
    fault. 503 if one of those that this process needs fails.
    """
    said = await service.ready.look()
    return JSONResponse(said.model_dump(mode="json"), 200 if said.ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "For Prometheus."}},
)
def metrics(service: _Service) -> Response:
    """Counts and times of requests and jobs."""
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")
