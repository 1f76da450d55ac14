"""Parameters with many values and sets with many members by arrays; faults are told elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from r2c.cir.arrays.evaluate import ArrayEvaluator
from r2c.cir.arrays.form import full
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Expr
from r2c.cir.members import Key, Members, Values

if TYPE_CHECKING:
    from r2c.cir.instance import Instance


def dense_array(
    name: str, over: tuple[Members, ...], values: tuple[object, ...], default: float | None
) -> Values | None:
    """Values that are written out in full; None unless every member has a finite one."""
    shape = tuple(len(members) for members in over)
    try:
        array = np.array(values, np.float64)
    except (ValueError, TypeError):
        return None
    if array.shape != shape or not np.isfinite(array).all():
        return None
    return Values(name, over, default=default, array=array)


def computed_array(
    name: str,
    over: tuple[Members, ...],
    expr: Expr,
    binder: Binder,
    instance: Instance,
    default: float | None,
) -> Values | None:
    """Values of an expression over the index; None if they cannot be computed on arrays."""
    data: Evaluator[float] = Evaluator(instance)
    arrays = ArrayEvaluator(data)
    try:
        looped = arrays.loop(binder)
        numbers = full(arrays.numbers(expr, looped), len(looped))
    except Unvectorised:
        return None
    shape = tuple(len(members) for members in over)
    if numbers.size != math.prod(shape):
        return None
    return Values(name, over, default=default, array=numbers.reshape(shape))


def filtered_keys(binder: Binder, instance: Instance) -> list[Key] | None:
    """The members that loops run over; None if they cannot be found on arrays."""
    data: Evaluator[float] = Evaluator(instance)
    try:
        return list(ArrayEvaluator(data).loop(binder))
    except Unvectorised:
        return None
