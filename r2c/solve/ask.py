"""A matrix and limits as a request, and the solver's reply as an answer with one clear reading."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Answer:
    """What one run of the solver said.

    `failure` is set where there was no regular end; `point` may still hold the best point seen.
    """

    reading: Reading
    status: str
    point: Floats | None = None
    row_dual: Floats | None = None
    col_dual: Floats | None = None
    bound: float | None = None
    gap: float | None = None
    version: str = ""
    failure: Failure | None = None

    @property
    def crashed(self) -> bool:
        """Whether the process broke down, rather than time or memory running out."""
        return self.failure is not None and self.failure.kind in ("crash", "error")


def request(
    matrix: Matrix, goal: Goal | None, limits: Limits, *, seconds: float, presolve: bool,
    task: str = "solve",
) -> Message:  # fmt: skip
    """The message that asks for a solve; without a goal any feasible point will do."""
    size = matrix.shape[1]
    integers = bool(matrix.integer.any()) and task == "solve"
    quadratic = goal is not None and goal.quadratic
    # HiGHS takes convex squares of a minimization only.
    negated = goal is not None and goal.quadratic and goal.sense == "max"
    sign = -1.0 if negated else 1.0
    arrays: dict[str, Array] = {
        "cost": np.zeros(size) if goal is None else sign * goal.cost,
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
        arrays |= {"first": goal.first, "second": goal.second, "weights": sign * goal.weights}
    return Message(
        {
            "task": task,
            "sense": "min" if goal is None or negated else goal.sense,
            "offset": 0.0 if goal is None else sign * goal.offset,
            "integers": integers,
            "quadratic": quadratic,
            "negated": negated,
            "memory_mb": limits.memory_mb,
            "options": {
                "time_limit": float(seconds),
                "threads": limits.threads,
                "mip_rel_gap": limits.gap,
                "presolve": "choose" if presolve else "off",
                "random_seed": 0,
            },
        },
        arrays,
    )


def ask(
    process: SolverProcess, matrix: Matrix, goal: Goal | None, limits: Limits, *,
    seconds: float, presolve: bool = True,
) -> Answer:  # fmt: skip
    """One solve within `seconds`; a crash is tried once more without presolve."""
    message = request(matrix, goal, limits, seconds=seconds, presolve=presolve)
    answer = _answer(process.ask(message, seconds + limits.grace))
    if answer.crashed and presolve:
        message = request(matrix, goal, limits, seconds=seconds, presolve=False)
        answer = _answer(process.ask(message, seconds + limits.grace))
    return answer


def _answer(reply: Message | Failure) -> Answer:
    if isinstance(reply, Failure):
        reading: Reading = "limit" if reply.kind in ("time", "memory") else "trouble"
        return Answer(reading, reply.kind, point=reply.point, failure=reply)
    status = str(reply.fields["status"])
    answer = Answer(
        READINGS.get(status, "trouble"),
        status,
        point=reply.arrays.get("values"),
        row_dual=reply.arrays.get("row_dual"),
        col_dual=reply.arrays.get("col_dual"),
        bound=_number(reply.fields["bound"]),
        gap=_number(reply.fields["gap"]),
        version=str(reply.fields["version"]),
    )
    # A point of a model without objective bound is only a point if it satisfies the rows; HiGHS
    # marks the last iterate of an unbounded or infeasible run as a value, not as a solution.
    if answer.reading in ("infeasible", "unclear"):
        answer = replace(answer, point=None)
    return answer


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
