"""A matrix and limits as a request, and the solver's reply as an answer with one clear reading."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from r2c.solve.limits import Limits
from r2c.solve.matrix import Floats, Goal, Matrix
from r2c.solve.process import Failure, SolverProcess
from r2c.solve.wire import Array, Message

Reading = Literal["optimal", "infeasible", "unbounded", "unclear", "limit", "trouble"]

READINGS: dict[str, Reading] = {
    "kModelEmpty": "optimal",
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kUnboundedOrInfeasible": "unclear",
    "kObjectiveBound": "limit",
    "kObjectiveTarget": "limit",
    "kTimeLimit": "limit",
    "kIterationLimit": "limit",
    "kSolutionLimit": "limit",
    "kInterrupt": "limit",
    "kHighsInterrupt": "limit",
    "kMemoryLimit": "limit",
}
"""What a HiGHS status says; any other is trouble."""

SEED = 0
"""Of everything that the solver draws by chance."""
PRIMAL = 4
"""HiGHS's number of the primal simplex method."""


@dataclass(frozen=True)
class Answer:
    """What one run of the solver said.

    `nodes` counts those of an integer search; it is None for a linear program. `failure` is set
    where there was no regular end; `point` may still hold the best point seen.
    """

    reading: Reading
    status: str
    point: Floats | None = None
    row_dual: Floats | None = None
    col_dual: Floats | None = None
    bound: float | None = None
    gap: float | None = None
    nodes: int | None = None
    version: str = ""
    failure: Failure | None = None

    @property
    def crashed(self) -> bool:
        """Whether the process broke down, rather than time or memory running out."""
        return self.failure is not None and self.failure.kind in ("crash", "error")


def request(
    matrix: Matrix, goal: Goal | None, limits: Limits, *, seconds: float, presolve: bool,
    primal: bool = False, task: str = "solve",
) -> Message:  # fmt: skip
    """The message that asks for a solve; without a goal any feasible point will do.

    The goal goes out without its constant, which would only loosen the relative gap, and scaled up
    where all its coefficients are below the absolute tolerances of the solver; `_answer` undoes it.
    """
    size = matrix.shape[1]
    integers = bool(matrix.integer.any()) and task == "solve"
    quadratic = goal is not None and goal.quadratic
    # HiGHS takes convex squares of a minimization only.
    negated = goal is not None and goal.quadratic and goal.sense == "max"
    factor = (-1.0 if negated else 1.0) * _scale(goal)
    arrays: dict[str, Array] = {
        "cost": np.zeros(size) if goal is None else factor * goal.cost,
        "lower": matrix.lower,
        "upper": matrix.upper,
        "integer": matrix.integer.astype(np.int32),
        "starts": matrix.starts,
        "columns": matrix.columns,
        "values": matrix.values,
        "row_lower": matrix.row_lower,
        "row_upper": matrix.row_upper,
    }
    if goal is not None and quadratic:
        arrays |= {"first": goal.first, "second": goal.second, "weights": factor * goal.weights}
    return Message(
        {
            "task": task,
            "sense": "min" if goal is None or negated else goal.sense,
            "integers": integers,
            "quadratic": quadratic,
            "negated": negated,
            "memory_mb": limits.memory_mb,
            "options": {
                "time_limit": float(seconds),
                "threads": limits.threads,
                "mip_rel_gap": limits.gap,
                "presolve": "choose" if presolve else "off",
                "random_seed": SEED,
                **({"simplex_strategy": PRIMAL} if primal and not integers else {}),
                **({} if limits.nodes is None else {"mip_max_nodes": limits.nodes}),
            },
        },
        arrays,
    )


def ask(
    process: SolverProcess, matrix: Matrix, goal: Goal | None, limits: Limits, *,
    seconds: float, presolve: bool = True, primal: bool = False,
) -> Answer:  # fmt: skip
    """One solve within `seconds`; a crash is tried once more without presolve.

    With `primal` a linear model is solved by the primal simplex method instead of the dual one.
    """
    message = request(matrix, goal, limits, seconds=seconds, presolve=presolve, primal=primal)
    answer = _answer(process.ask(message, seconds + limits.grace), goal)
    if answer.crashed and presolve:
        message = request(matrix, goal, limits, seconds=seconds, presolve=False)
        answer = _answer(process.ask(message, seconds + limits.grace), goal)
    return answer


def _scale(goal: Goal | None) -> float:
    """The power of two that brings the largest coefficient of a tiny goal to 1 or just above.

    HiGHS takes reduced costs below 1e-7 for zero, whatever the others are. Where the largest is 1
    or more that is far below what data mean.
    """
    if goal is None:
        return 1.0
    largest = max(
        float(np.abs(goal.cost).max(initial=0.0)), float(np.abs(goal.weights).max(initial=0.0))
    )
    if not 0.0 < largest < 1.0:
        return 1.0
    return 2.0 ** min(1000, -math.frexp(largest)[1] + 1)


def _answer(reply: Message | Failure, goal: Goal | None) -> Answer:
    if isinstance(reply, Failure):
        reading: Reading = "limit" if reply.kind in ("time", "memory") else "trouble"
        return Answer(reading, reply.kind, point=reply.point, failure=reply)
    status = str(reply.fields["status"])
    scale, offset = _scale(goal), 0.0 if goal is None else goal.offset
    bound, nodes = _number(reply.fields["bound"]), reply.fields.get("nodes")
    answer = Answer(
        READINGS.get(status, "trouble"),
        status,
        point=reply.arrays.get("values"),
        row_dual=_over(reply.arrays.get("row_dual"), scale),
        col_dual=_over(reply.arrays.get("col_dual"), scale),
        bound=None if bound is None else bound / scale + offset,
        gap=_number(reply.fields["gap"]),
        nodes=nodes if isinstance(nodes, int) else None,
        version=str(reply.fields["version"]),
    )
    # A point of a model without objective bound is only a point if it satisfies the rows; HiGHS
    # marks the last iterate of an unbounded or infeasible run as a value, not as a solution.
    if answer.reading in ("infeasible", "unclear"):
        answer = replace(answer, point=None)
    return answer


def _over(values: Floats | None, scale: float) -> Floats | None:
    return None if values is None else values / scale


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
