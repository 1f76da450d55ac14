"""Declared limits of decisions at which a plan has stopped: no rule says why it goes no further."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from r2c.cir.expr import Num
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.errors import R2CError
from r2c.formulation import BoundReached, Outcome, Solution, Value
from r2c.model.plain import PlainModel
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.matrix import Floats
from r2c.solve.report import LISTED
from r2c.solve.room import ROOM, SHARE, room

_NOTHING = 1e-9


def bounds_reached(
    plain: PlainModel, instance: Instance, solution: Solution
) -> tuple[BoundReached, ...]:
    """The declared limits that decisions have come to, in the order of the decisions.

    That nothing is negative, and that a choice is yes or no, goes without saying.

    Args:
        plain: The model.
        instance: Its data.
        solution: Its optimum.
    """
    if solution.outcome is not Outcome.OPTIMAL:
        return ()
    try:
        model = compiled(plain, instance)
    except R2CError:
        return ()
    named = {item.name: item for item in plain.cir.decisions if item.domain != "binary"}
    values = _by_place(solution.values)
    reduced = _by_place(solution.reduced_costs) if _one_corner(model, solution) else {}
    found = []
    for column, entry in enumerate(model.map.variables):
        decision = named.get(entry.symbol)
        place = (entry.symbol, entry.key)
        if decision is None or place not in values:
            continue
        for side, said, ends in (
            ("upper", decision.upper is not None, model.matrix.upper),
            ("lower", decision.lower not in (None, Num(0.0)), model.matrix.lower),
        ):
            if said and _near(values[place], float(ends[column])):
                worth = reduced.get(place)
                found.append(
                    BoundReached.model_validate(
                        {
                            "symbol": entry.symbol,
                            "key": entry.key,
                            "side": side,
                            "limit": float(ends[column]),
                            "value": worth if worth and abs(worth) > _NOTHING else None,
                        }
                    )
                )
                break
    return tuple(found)


def _one_corner(model: Compiled, solution: Solution) -> bool:
    """Whether just as many limits meet in the plan as it has decisions.

    Only then a reduced cost is sure to be what a little more and a little less are worth.
    """
    if not solution.reduced_costs or len(model.map.rows) > LISTED:
        return False
    matrix, values = model.matrix, _by_place(solution.values)
    point = np.array([values.get((item.symbol, item.key), 0.0) for item in model.map.variables])
    activities = matrix.activities(point)
    tight = _at_an_end(activities, matrix.row_lower, matrix.row_upper)
    tight += _at_an_end(point, matrix.lower, matrix.upper)
    return tight == matrix.shape[1]


def _at_an_end(values: Floats, low: Floats, high: Floats) -> int:
    found = np.zeros(len(values), np.bool_)
    for ends in (low, high):
        end = np.where(np.isfinite(ends), ends, 0.0)
        near = np.abs(values - end) <= np.maximum(ROOM, SHARE * np.abs(end))
        found |= np.isfinite(ends) & near
    return int(found.sum())


def _by_place(values: Mapping[str, tuple[Value, ...]]) -> dict[tuple[str, Key], float]:
    return {(name, item.key): item.value for name, given in values.items() for item in given}


def _near(value: float, end: float) -> bool:
    return bool(np.isfinite(end)) and abs(value - end) <= room(end)
