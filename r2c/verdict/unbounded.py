"""Which decisions can grow without end, and whither: the missing limit told by name."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.errors import Fault, R2CError, SolveError, declare
from r2c.model.plain import PlainModel
from r2c.model.tiers import goals_of
from r2c.solve.compiled import compiled
from r2c.solve.limits import Limits
from r2c.solve.matrix import Floats, Goal, Matrix
from r2c.solve.process import SolverProcess
from r2c.solve.settle import Questioner

WITHOUT_LIMIT = declare(
    "R2C-V010", SolveError,
    what="{goal} has no limit: {directions}.",
    why="Along this way every rule keeps holding while the goal improves without end.",
    remedy="Add the limit that the problem implies (a capacity, a demand, a budget), or check "
    "the direction of the rules on {names}.",
)  # fmt: skip
NO_DIRECTION = declare(
    "R2C-V011", SolveError,
    what="{goal} has no limit.",
    why="The solver proved it, but no single way along which the plan may go was found.",
    remedy="Give every decision that the goal rewards an upper limit.",
)  # fmt: skip
_SMALL = 1e-7
_TOLD = 6


def without_limit(
    plain: PlainModel, instance: Instance, limits: Limits, process: SolverProcess
) -> Fault:
    """The fault that names the decisions and directions in which the plan has no limit."""
    try:
        model = compiled(plain, instance)
    except R2CError as error:
        return error.fault
    place, ray = _ray_of_a_goal(model.matrix, limits, process)
    moved = [] if ray is None else np.flatnonzero(np.abs(ray) > _SMALL).tolist()
    if ray is None or not moved:
        several = len(model.matrix.goals) > 1
        return NO_DIRECTION.fault(goal="One of the goals" if several else "The goal")
    entries = [model.map.variables[column] for column in moved]
    told = [
        f"{_named(entry.symbol, entry.key)} can {'grow' if ray[column] > 0 else 'fall'} for ever"
        for entry, column in zip(entries, moved, strict=True)
    ]
    more = f", and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
    return WITHOUT_LIMIT.fault(
        goal=_goal_named(plain, place),
        directions=", ".join(told[:_TOLD]) + more,
        names=list(dict.fromkeys(entry.symbol for entry in entries)),
    )


def _ray_of_a_goal(
    matrix: Matrix, limits: Limits, process: SolverProcess
) -> tuple[int, Floats | None]:
    """The first goal without a limit, by its place, and a way along which it has none.

    On that way the goals before it stay as good as they are.
    """
    cone = _cone(matrix)
    for place, goal in enumerate(matrix.goals):
        linear = replace(
            goal, offset=0.0, first=goal.first[:0], second=goal.second[:0], weights=goal.weights[:0]
        )
        ray = _ray(cone, linear, limits, process)
        if ray is not None:
            return place, ray
        cone = cone.holding(linear, 0.0)
    return 0, None


def _cone(matrix: Matrix) -> Matrix:
    """The directions of at most 1 per variable that no row or bound stops."""
    finite_low, finite_high = np.isfinite(matrix.lower), np.isfinite(matrix.upper)
    row_low, row_high = np.isfinite(matrix.row_lower), np.isfinite(matrix.row_upper)
    return replace(
        matrix,
        lower=np.where(finite_low, 0.0, -1.0),
        upper=np.where(finite_high, 0.0, 1.0),
        row_lower=np.where(row_low, 0.0, -np.inf),
        row_upper=np.where(row_high, 0.0, np.inf),
        integer=np.zeros_like(matrix.integer),
    )


def _ray(cone: Matrix, goal: Goal, limits: Limits, process: SolverProcess) -> Floats | None:
    """The direction of the cone that a linear goal rewards most, if it rewards any."""
    asking = Questioner(process, cone, limits, time.monotonic() + limits.seconds)
    answer = asking.ask(goal)
    if answer.reading != "optimal" or answer.point is None:
        return None
    gain = goal.value(answer.point)
    improves = gain > _SMALL if goal.sense == "max" else gain < -_SMALL
    return answer.point if improves else None


def _goal_named(plain: PlainModel, place: int) -> str:
    """The goal; of several, which one."""
    tiers = sorted(item.tier for item in plain.objectives)
    if len(tiers) < 2:
        return "The goal"
    told = goals_of(plain.cir, tiers[place])
    meaning = told[0].meaning if len(told) == 1 else ""
    return f"Goal {place + 1} ({meaning})" if meaning else f"Goal {place + 1}"


def _named(symbol: str, key: Key) -> str:
    return f"{symbol}[{', '.join(map(str, key))}]" if key else symbol
