"""The same model about other numbers, to see whether two models are alike by more than luck.

Every number that is data (of parameters, tables, rules and goals) becomes another one, the same
wherever it stands and in every model that is compared. Two models with one optimum on the data
that were told may part on others; large changes part them soonest.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from r2c.cir.occurrences import STRUCTURAL
from r2c.cir.schema import CIR
from r2c.model.renumbered import renumbered
from r2c.problem.schema import Problem, Scalar, Table

WIDEST = 2.0
"""A number becomes at most this many times as large, or as small."""


@dataclass(frozen=True)
class OtherNumbers:
    """One draw of other numbers.

    Attributes:
        draw: Which draw; the same one changes a number in the same way everywhere.
    """

    draw: int

    def number(self, value: float) -> float:
        """What a number becomes: whole ones stay whole, shares stay shares, signs stay.

        A number of at least 1 is multiplied by a factor that is log-uniform between 1/2 and 2, one
        below 1 is raised to that power.
        """
        if value in STRUCTURAL or not math.isfinite(value):
            return value
        digest = hashlib.sha256(f"{self.draw}/{abs(value):.12g}".encode()).digest()
        share = int.from_bytes(digest[:8]) / 2**64
        factor = WIDEST ** (2 * share - 1)
        size = float(abs(value))
        if size < 1:
            return math.copysign(size**factor, value)
        other = size * factor
        return math.copysign(max(1.0, round(other)) if size.is_integer() else other, value)

    def problem(self, problem: Problem) -> Problem:
        """The problem with other numbers in its tables; its words stay."""
        tables = tuple(self._table(table) for table in problem.tables)
        return problem.model_copy(update={"tables": tables})

    def cir(self, cir: CIR) -> CIR:
        """The model with other numbers; sets, members and labels stay."""
        return renumbered(cir, self.number)

    def _table(self, table: Table) -> Table:
        data = [
            column.type == "number" and not _numbers_rows([row[place] for row in table.rows])
            for place, column in enumerate(table.columns)
        ]

        def cell(place: int, value: Scalar) -> Scalar:
            if not data[place] or isinstance(value, bool) or not isinstance(value, float | int):
                return value
            return self.number(value)

        rows = tuple(tuple(cell(k, value) for k, value in enumerate(row)) for row in table.rows)
        return table.model_copy(update={"rows": rows})


def _numbers_rows(values: list[Scalar]) -> bool:
    """Whether a column only numbers the rows."""
    first = values[0] if values else None
    return len(values) > 1 and values == [(first or 0) + k for k in range(len(values))]  # type: ignore[operator]
