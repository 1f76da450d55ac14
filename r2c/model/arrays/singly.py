"""Families that are written member by member, brought into the form of the others."""

from __future__ import annotations

import numpy as np

from r2c.cir.arrays.codes import Floats
from r2c.cir.arrays.terms import Terms
from r2c.cir.evaluate import Evaluator
from r2c.cir.members import Key
from r2c.errors import Fault
from r2c.model.arrays.families import FALSE, KEPT, SKIPPED, RowFamily
from r2c.model.arrays.relations import Rows
from r2c.model.names import Names
from r2c.model.plain import PlainRow, PlainVariable
from r2c.model.quadratic import Quadratic
from r2c.model.scalar import ScalarModel, add_rows, add_variable


class _Order(Names):
    """The order in which names are asked for; the names themselves are given out later."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0

    def name(self, base: str, key: Key = ()) -> str:
        self._asked += 1
        return str(self._asked)


def variable_singly(
    variable: PlainVariable, data: Evaluator[float]
) -> tuple[list[Key], Floats, Floats]:
    """The keys of a variable with their bounds.

    Raises:
        R2CError: as `r2c.model.scalar.add_variable`.
    """
    made = ScalarModel()
    add_variable(made, variable, data, _Order())
    keys = [entry.key for entry in made.variable_entries]
    return keys, np.array(made.lower, np.float64), np.array(made.upper, np.float64)


def rows_singly(
    row: PlainRow, forms: Evaluator[Quadratic | float]
) -> tuple[RowFamily, Rows, list[Fault]]:
    """The rows of a family, those that belong to the model, and the faults of those never hold.

    Raises:
        R2CError: as `r2c.model.scalar.add_rows`.
        NotRepresentable: if it is not linear.
    """
    made = ScalarModel()
    add_rows(made, row, forms, _Order())
    named = [(int(entry.name), entry, KEPT) for entry in made.row_entries]
    named += [(int(entry.name), entry, FALSE) for entry, _ in made.false_rows]
    named.sort(key=lambda item: item[0])
    places = [(entry.key, entry.part) for _, entry, _ in named]
    places += [(entry.key, 0) for entry in made.skipped]
    fates = [fate for *_, fate in named] + [SKIPPED] * len(made.skipped)
    linear = [item.linear for item in made.rows]
    terms = Terms(
        len(linear),
        np.array([len(item) for item in linear], np.int64),
        np.array([column for item in linear for column in item], np.int32),
        np.array([factor for item in linear for factor in item.values()], np.float64),
    )
    rows = Rows(
        terms,
        np.array([item.lower for item in made.rows], np.float64),
        np.array([item.upper for item in made.rows], np.float64),
    )
    return RowFamily(row, places, np.array(fates, np.int8)), rows, made.contradictions
