"""A CIR with other numbers in it: those it reads from tables come from the new tables."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from r2c.cir.schema import CIR
from r2c.formulation import Outcome
from r2c.model.renumbered import renumbered
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.verdict.answer import asolve
from r2c_benchmarks.items import Item, OtherNumbers, data_files
from r2c_benchmarks.method import Means
from r2c_benchmarks.renumber.number_map import NumberMap


def renumbered_model(cir: CIR, numbers: NumberMap) -> CIR:
    """The CIR with each told number that it writes down replaced; sets stay as they are.

    Raises:
        Unclear: a number of it cannot be followed.
    """
    return renumbered(cir, numbers)


@dataclass(frozen=True)
class Model:
    """A CIR as a formulation; `seconds` is what a solve may take."""

    cir: CIR
    seconds: float

    async def again(self, item: Item, other: OtherNumbers, means: Means) -> float | None:
        """See `r2c_benchmarks.method.Formulated`."""
        cir = renumbered_model(self.cir, NumberMap(item.numbers, other.numbers))
        told = item.model_copy(update={"tables": other.tables})
        with tempfile.TemporaryDirectory(prefix="r2c-again-") as folder:
            problem = read_problem(other.problem, data_files(told, Path(folder)))
        # Only the tables are needed; without the words nothing is judged.
        bare = Problem(text="", tables=problem.tables)
        answer = await asolve(cir, problem=bare, limits=Limits(seconds=self.seconds))
        return answer.objective if answer.outcome is Outcome.OPTIMAL else None
