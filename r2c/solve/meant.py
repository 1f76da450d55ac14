"""Whether a solved point is a plan that the rules mean, and says of it what they say."""

from __future__ import annotations

import math

from r2c.model.affine import Variable
from r2c.model.meaning import Meaning
from r2c.model.model_map import ModelMap
from r2c.solve.matrix import Floats

_ROOM = 1e-5
"""Relative to the amounts compared; solvers promise 1e-6 on rows that they have scaled."""


def unmeant(told: Meaning, model_map: ModelMap, point: Floats) -> str | None:
    """What a point breaks of the rules' meaning or tells wrongly of their outputs, if anything.

    Args:
        told: The meaning of all rules on the instance.
        model_map: Which variable each number belongs to.
        point: A solution of the rows.
    """
    entries = zip(model_map.variables, point.tolist(), strict=True)
    values: dict[Variable, float] = {(entry.symbol, entry.key): value for entry, value in entries}
    for item in told.created:
        if item.hidden and item.value is not None:
            values[item.variable] = item.value(values)
    for item in told.created:
        if item.value is not None and not item.hidden:
            found, meant = values[item.variable], item.value(values)
            if not math.isclose(found, meant, rel_tol=_ROOM, abs_tol=_ROOM):
                return f"{item.variable} is {found:g}, by its meaning {meant:g}"
    for clause, amount in told.broken(values, _ROOM):
        return f"{clause.rule}.{clause.name}{list(clause.key)} is missed by {amount:.2g}"
    return None
