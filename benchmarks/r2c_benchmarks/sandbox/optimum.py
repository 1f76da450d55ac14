"""The optimum of a model, as declared and in its two other readings.

Published answers disagree on whether quantities must be whole, so a model is also solved with all
integer variables continuous and with all continuous variables integer; binary ones stay.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from r2c_benchmarks.sandbox.mps import GOAL

Status = Literal["optimal", "infeasible", "unbounded", "infeasible_or_unbounded", "limit", "error"]
TWIN_SECONDS = 5.0
GAP = 1e-6
"""Relative, as in R2C's own solves (`r2c.solve.limits`): HiGHS stops at 1e-4 by itself."""

_UNCLEAR = "kUnboundedOrInfeasible"
_STATUS: dict[str, Status] = {
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    _UNCLEAR: "infeasible_or_unbounded",
    "kTimeLimit": "limit",
    "kIterationLimit": "limit",
    "kSolutionLimit": "limit",
    "kObjectiveBound": "limit",
    "kObjectiveTarget": "limit",
    "kInterrupt": "limit",
    "kHighsInterrupt": "limit",
}


@dataclass(frozen=True)
class Reading:
    """What the model of a program came to.

    `relaxed` and `whole` are the optima with every quantity continuous and with every quantity
    integer; None where that is the declared reading or has no optimum.
    """

    status: Status
    objective: float | None = None
    relaxed: float | None = None
    whole: float | None = None
    message: str = ""


def read_optimum(path: Path, deadline: float) -> Reading:
    """Solve the model in a file as it is and, if that has an optimum, in its other readings.

    Args:
        path: An MPS file in the form of `r2c_benchmarks.sandbox.mps`.
        deadline: The `time.monotonic()` by which all readings must have ended.
    """
    import highspy

    reader = _solver()
    if reader.readModel(str(path)) == highspy.HighsStatus.kError:
        return Reading("error", message="HiGHS refuses the model")
    held = reader.getModel()
    has_goal = f"\n N {GOAL}\n" in path.read_text(encoding="ascii")
    told, objective = _solve(held, deadline - time.monotonic())
    status = _STATUS.get(told, "error")
    if status not in ("optimal", "limit") or not has_goal:
        objective = None
    if status == "error":
        return Reading(status, message=f"HiGHS does not solve the model ({told})")
    if status != "optimal" or objective is None:
        return Reading(status, objective)
    names, declared = list(held.lp_.col_names_), list(held.lp_.integrality_)
    integer, free = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    declared = declared or [free] * len(names)
    wholes = [integer] * len(names)
    reals = [kind if name[0] == "b" else free for name, kind in zip(names, declared, strict=True)]
    return Reading(
        status,
        objective,
        relaxed=_twin(held, declared, reals, deadline),
        whole=_twin(held, declared, wholes, deadline),
    )


def _twin(
    held: Any, declared: Sequence[object], kinds: Sequence[object], deadline: float
) -> float | None:
    seconds = min(TWIN_SECONDS, deadline - time.monotonic())
    if kinds == declared or seconds <= 0:
        return None
    held.lp_.integrality_ = list(kinds)
    told, objective = _solve(held, seconds)
    return objective if _STATUS.get(told) == "optimal" else None


def _solve(held: Any, seconds: float) -> tuple[str, float | None]:
    """The status and the optimum; which of infeasible and unbounded it is, is asked again.

    Without presolve, and then without the goal: whatever has a plan then is unbounded.
    """
    deadline = time.monotonic() + seconds
    told, objective = _asked(held, seconds)
    if told == _UNCLEAR:
        told, objective = _asked(held, deadline - time.monotonic(), presolve="off")
    if told == _UNCLEAR:
        costs = list(held.lp_.col_cost_)
        held.lp_.col_cost_ = [0.0] * len(costs)
        plan, _ = _asked(held, deadline - time.monotonic())
        held.lp_.col_cost_ = costs
        told = {"kOptimal": "kUnbounded", "kInfeasible": "kInfeasible"}.get(plan, told)
    return told, objective


def _asked(held: Any, seconds: float, presolve: str = "choose") -> tuple[str, float | None]:
    """Each reading with a solver of its own: what one remembers would sway the next."""
    highs = _solver()
    highs.setOptionValue("time_limit", max(0.1, seconds))
    highs.setOptionValue("presolve", presolve)
    highs.passModel(held)
    highs.run()
    info = highs.getInfo()
    feasible = int(info.primal_solution_status) == 2
    objective = info.objective_function_value
    told = str(highs.getModelStatus().name)
    return told, objective if feasible and math.isfinite(objective) else None


def _solver() -> Any:
    import highspy

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", GAP)
    return highs
