"""Rows, bounds and whole numbers of one matrix that cannot all hold.

HiGHS proposes a subset for linear conflicts; whatever it says is verified, and what can be spared
is taken out, also where only whole numbers clash.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from r2c.solve.ask import ask, request
from r2c.solve.divisors import without_whole_point
from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix
from r2c.solve.narrow import narrowed
from r2c.solve.process import Failure, SolverProcess
from r2c.solve.settle import FEASIBLE
from r2c.solve.subset import Demand, Side, demands_of, subset

NARROWED = 400
"""Rows and bounds are narrowed one by one only if there are at most this many."""
SLICE = 0.5
"""Seconds that one question gets at least; whole numbers without bounds may never be settled."""
_ROUNDED = 1e-4
"""The largest violation once whole numbers are whole: `x <= 1e6*active` hides x in a millionth."""


@dataclass(frozen=True)
class Core:
    """Rows and demands that cannot all hold.

    `needed` if no demand can be spared; of a rule, more rows may be listed than clash.
    """

    rows: frozenset[int]
    demands: frozenset[Demand]
    needed: bool


@dataclass(frozen=True)
class Judge:
    """Says whether a matrix has a point, until the time is over."""

    process: SolverProcess
    limits: Limits
    deadline: float

    @property
    def left(self) -> float:
        """Seconds left; not positive when the time is over."""
        return self.deadline - time.monotonic()

    def conflict(self, part: Matrix) -> bool | None:
        """Whether nothing satisfies the matrix; None if that stays open."""
        left = min(self.left, max(SLICE, self.limits.seconds / 20))
        if left <= 0:
            return None
        if without_whole_point(part):  # a search without bounds would never end
            return True
        # Without presolve, so that no answer rests on it.
        answer = ask(self.process, part, None, self.limits, seconds=left, presolve=False)
        if answer.reading == "infeasible":
            return True
        if answer.point is None or part.violation(answer.point) > FEASIBLE:
            return None
        rounded = np.where(part.integer, np.round(answer.point), answer.point)
        return False if part.violation(rounded) <= _ROUNDED else None


@dataclass(frozen=True)
class RowSearch:
    """The search for a core among some rows of a matrix."""

    matrix: Matrix
    rows: frozenset[int]
    judge: Judge

    def conflict(self, rows: frozenset[int], demands: frozenset[Demand]) -> bool | None:
        """Whether rows and demands conflict; None if that stays open."""
        return self.judge.conflict(subset(self.matrix, rows, demands))

    def first(self) -> Core | None:
        """What HiGHS finds without whole numbers, or else everything, if that conflicts."""
        demands = frozenset(demands_of(self.matrix))
        if (proposed := self._proposed(demands)) is not None:
            return proposed
        everything = Core(self.rows, demands, False)
        return everything if self.conflict(self.rows, demands) is True else None

    def _proposed(self, demands: frozenset[Demand]) -> Core | None:
        bounds = frozenset(item for item in demands if item.side != "whole")
        if self.conflict(self.rows, bounds) is not True:
            return None
        whole = Core(self.rows, bounds, False)
        left = max(0.1, self.judge.left)
        linear = subset(self.matrix, self.rows, bounds)
        limits = self.judge.limits
        message = request(linear, None, limits, seconds=left, presolve=False, task="conflict")
        reply = self.judge.process.ask(message, left + limits.grace)
        if isinstance(reply, Failure) or not len(reply.arrays["rows"]):
            return whole
        numbers = sorted(self.rows)
        sides: dict[int, tuple[Side, ...]] = {-1: ("lower",), 1: ("upper",)}
        places = zip(
            reply.arrays["columns"].tolist(), reply.arrays["column_sides"].tolist(), strict=True
        )
        found = Core(
            frozenset(numbers[row] for row in reply.arrays["rows"].tolist()),
            frozenset(
                Demand(column, side)
                for column, code in places
                for side in sides.get(code, ("lower", "upper"))
            )
            & bounds,
            False,
        )
        return found if self.conflict(found.rows, found.demands) is True else whole

    def core(self) -> Core:
        """Few rows and demands of a matrix that is known to conflict, all of them if time is up."""
        first = self.first()
        if first is None:
            return Core(self.rows, self._touching(self.rows, demands_of(self.matrix)), False)
        rows, demands = first.rows, first.demands
        if len(rows) <= NARROWED:
            rows, _ = narrowed([sorted(rows)], lambda kept: self.conflict(kept, demands))
        touching = self._touching(rows, demands)
        if self.conflict(rows, touching) is True:
            demands = touching
        if len(demands) > NARROWED:
            return Core(rows, demands, False)
        demands, needed = narrowed([sorted(demands)], lambda kept: self.conflict(rows, kept))
        return Core(rows, demands, needed)

    def _touching(self, rows: frozenset[int], demands: Iterable[Demand]) -> frozenset[Demand]:
        touched = {int(j) for j in subset(self.matrix, rows, ()).columns}
        return frozenset(item for item in demands if item.column in touched)
