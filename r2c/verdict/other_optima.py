"""Whether two models are alike with other numbers too, or came to one optimum by luck.

A limit that does not bind, or is on the wrong side of what never happens, changes nothing with the
numbers that are told. With five other data sets it mostly does (`r2c.verdict.other_numbers`).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Outcome, Solution
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain
from r2c.verdict.other_numbers import OtherNumbers

DATA_SETS = 5
"""On so many other data sets two models have to agree."""
_MOST_DRAWS = 12
_SHORTEST = 0.1
_SAME = 1e-4
_PROVEN = (Outcome.OPTIMAL, Outcome.INFEASIBLE, Outcome.UNBOUNDED)


@dataclass
class OtherOptima:
    """The optima of one model on other data sets, found as they are asked for.

    Args:
        problem: The problem with its tables.
        cir: The model.
        process: The solver.
        limits: Of one solve.
        deadline: A `time.monotonic()` after which nothing more is solved.
    """

    problem: Problem
    cir: CIR
    process: SolverProcess
    limits: Limits
    deadline: float = math.inf
    _own: dict[int, Solution | None] = field(default_factory=dict)

    def apart(self, other: CIR) -> bool:
        """Whether another model has another optimum on one of the data sets.

        Data sets on which one of the two is not solved to the end tell nothing.
        """
        compared = 0
        for draw in range(_MOST_DRAWS):
            if draw not in self._own:
                self._own[draw] = self._solved(self.cir, draw)
            own = self._own[draw]
            if own is None or own.outcome is not Outcome.OPTIMAL:
                continue
            found = self._solved(other, draw)
            if found is None:
                continue
            if not _same(own, found):
                return True
            compared += 1
            if compared == DATA_SETS:
                break
        return False

    def _solved(self, cir: CIR, draw: int) -> Solution | None:
        left = self.deadline - time.monotonic()
        if left < _SHORTEST:
            return None
        numbers = OtherNumbers(draw)
        within = replace(self.limits, seconds=min(self.limits.seconds, left))
        try:
            instance = bind(numbers.cir(cir), numbers.problem(self.problem))
            if instance.faults:
                return None
            model, _ = attempt(instance.cir, standard_library(), instance)
            if model is None:
                return None
            found = solve_plain(model, instance, within, process=self.process)
        except R2CError:
            return None
        return found if found.outcome in _PROVEN else None


def _same(one: Solution, other: Solution) -> bool:
    if one.objective is None or other.objective is None:
        return one.outcome == other.outcome
    size = max(1.0, abs(one.objective))
    return abs(one.objective - other.objective) <= _SAME * size
