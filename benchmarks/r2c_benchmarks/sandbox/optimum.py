"""The optimum of a Pyomo model, as declared and in its two other readings.

Published answers disagree on whether quantities must be whole, so a model is also solved with all
integer variables continuous and with all continuous variables integer; binary ones stay.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["optimal", "infeasible", "unbounded", "infeasible_or_unbounded", "limit", "error"]
TWIN_SECONDS = 5.0

_STATUS: dict[str, Status] = {
    "convergenceCriteriaSatisfied": "optimal",
    "provenInfeasible": "infeasible",
    "locallyInfeasible": "infeasible",
    "unbounded": "unbounded",
    "infeasibleOrUnbounded": "infeasible_or_unbounded",
    "maxTimeLimit": "limit",
    "iterationLimit": "limit",
    "objectiveLimit": "limit",
    "interrupted": "limit",
}


@dataclass(frozen=True)
class Reading:
    """What a program's model came to.

    `relaxed` and `whole` are the optima with every quantity continuous and with every quantity
    integer; None where that is the declared reading or has no optimum.
    """

    status: Status
    objective: float | None = None
    relaxed: float | None = None
    whole: float | None = None
    message: str = ""


def read_optimum(model: Any, deadline: float) -> Reading:
    """Solve `model` as it is and, if that has an optimum, in its other readings.

    The model is changed. Errors of Pyomo (no objective, not linear) pass through.

    Args:
        model: A Pyomo model.
        deadline: The `time.monotonic()` by which all readings must have ended.
    """
    import pyomo.environ as pyo

    status, objective = _solve(model, deadline - time.monotonic())
    if status != "optimal":
        return Reading(status, objective)
    variables = [
        variable
        for variable in model.component_data_objects(pyo.Var, descend_into=True)
        if not variable.is_binary()
    ]
    whole = [variable for variable in variables if variable.is_integer()]
    continuous = [variable for variable in variables if not variable.is_integer()]
    rounded = _twin(model, continuous, pyo.Integers, deadline)
    relaxed = _twin(model, whole + continuous, pyo.Reals, deadline) if whole else None
    return Reading(status, objective, relaxed, rounded)


def _twin(model: Any, variables: list[Any], domain: object, deadline: float) -> float | None:
    seconds = min(TWIN_SECONDS, deadline - time.monotonic())
    if not variables or seconds <= 0:
        return None
    for variable in variables:
        lower, upper = variable.bounds  # the old domain's bounds included
        variable.domain = domain
        variable.setlb(lower)
        variable.setub(upper)
    status, objective = _solve(model, seconds)
    return objective if status == "optimal" else None


def _solve(model: Any, seconds: float) -> tuple[Status, float | None]:
    from pyomo.contrib.solver.solvers.highs import Highs

    results = Highs().solve(
        model,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
        threads=1,
        time_limit=max(0.1, seconds),
    )
    status = _STATUS.get(results.termination_condition.name, "error")
    objective = results.incumbent_objective
    # A point at which an unbounded model was left is no answer.
    answered = status in ("optimal", "limit") and objective is not None
    return status, objective if answered and math.isfinite(objective) else None
