"""Why an infeasible model is that, and the ways out, within the time of one solve."""

from __future__ import annotations

import time
from dataclasses import replace

from r2c.cir.instance import Instance
from r2c.formulation import Conflict
from r2c.model.plain import PlainModel
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.remedies import remedies

_WORTH_ASKING = 0.1
"""Seconds that must be left for ways out."""


def conflict_told(
    model: PlainModel, instance: Instance, limits: Limits, process: SolverProcess
) -> Conflict | None:
    """The rules that cannot all hold, with remedies as far as time is left for them.

    Raises:
        R2CError: as `r2c.solve.compiled.compiled`.
    """
    began = time.monotonic()
    conflict = explain_conflict(model, instance, limits, process=process)
    left = limits.seconds - (time.monotonic() - began)
    if conflict is None or left < _WORTH_ASKING:
        return conflict
    ways = remedies(model, instance, conflict, replace(limits, seconds=left), process)
    return conflict.model_copy(update={"remedies": ways})
