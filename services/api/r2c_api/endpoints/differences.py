"""What one formulation means that another does not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from r2c.cir.diff import diff
from r2c.client.wire import Difference, ModelChange
from r2c.verdict.renamed import renamed
from r2c_api.access import Caller, caller_of
from r2c_api.documented import JOB_ID, problems
from r2c_api.ended_jobs import answer_of, model_of
from r2c_api.service import Service, service_of

router = APIRouter(prefix="/v1/formulations/{job}", tags=["changes"])


@router.get("/diff", responses=problems(404, 409, 422))
def difference(
    job: JOB_ID,
    to: Annotated[
        str,
        Query(max_length=64, pattern=r"^[a-z0-9-]{4,64}$", description="The other formulation."),
    ],
    service: Annotated[Service, Depends(service_of)],
    caller: Annotated[Caller, Depends(caller_of)],
) -> Difference:
    """The changes that lead from this model to another; words, order and data do not count.

    Models that differ, and are one but for names with the data they have, are told with who is who.
    """
    one, two = answer_of(service, caller, job), answer_of(service, caller, to)
    old, new = model_of(one, job), model_of(two, to)
    found = tuple(ModelChange(**asdict(change)) for change in diff(old, new))
    names = renamed(old, new, one.problem, two.problem) if found else None
    return Difference(same=not found, changes=found, renamed=None if names is None else dict(names))
