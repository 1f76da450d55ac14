"""Solving a model again, changed, as long as that is cheap.

Checks that solve again must not make an answer wait: they share a few solves, only where the first
one was quick.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from r2c.archetypes.card import Card
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Outcome, Solution
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt

Solver = Callable[[PlainModel, Instance, float], Solution]
"""Solves a plain model on an instance, within so many seconds."""
QUICK = 0.5
"""Seconds that the first solve may have taken, for others to follow."""
SECONDS = 3.0
"""Of all further solves together."""
_LEAST = 0.1
"""Seconds that a solver is given at least."""
PROVEN = (Outcome.OPTIMAL, Outcome.INFEASIBLE, Outcome.UNBOUNDED)


@dataclass
class ExtraSolves:
    """The solves that are left for one answer.

    `why_not` says why there are none, for the planner.
    """

    solution: Solution
    library: Mapping[str, Card]
    solver: Solver | None
    seconds: float = SECONDS
    used: float = field(default=0.0, init=False)

    @property
    def why_not(self) -> str:
        """Why the model is not solved again; empty if it is."""
        if self.solver is None:
            return "No solver was given to solve again with."
        if self.solution.outcome is not Outcome.OPTIMAL:
            return "There is no proven optimum to compare with."
        if self.solution.seconds > QUICK:
            return (
                f"Solving took {self.solution.seconds:.1f} s; doing it again would take too long."
            )
        if self.used >= self.seconds:
            return f"The {self.seconds:g} s for solving again are used up."
        return ""

    def solved(self, cir: CIR, instance: Instance) -> Solution | None:
        """A changed model solved to the end; None if it cannot be, or not in time."""
        if self.why_not or self.solver is None:
            return None
        began = time.perf_counter()
        try:
            again = replace(instance, cir=cir)
            model, faults = attempt(cir, self.library, again)
            if model is None or faults:
                return None
            found = self.solver(model, again, max(_LEAST, self.seconds - self.used))
        except R2CError:
            return None
        finally:
            self.used += time.perf_counter() - began
        return found if found.outcome in PROVEN else None
