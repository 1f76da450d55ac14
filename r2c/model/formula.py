"""Expressions of decisions as functions of a point, found once and computed many times.

A formula behaves like a number towards the evaluator of the algebra; unlike a linear form it can
carry everything the algebra can say, which is what checking a meaning needs.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence

from r2c.model.affine import Variable

Point = Mapping[Variable, float]
"""The value of every variable."""


class Formula:
    """A number that depends on the point."""

    __slots__ = ("at",)

    def __init__(self, at: Callable[[Point], float]) -> None:
        self.at = at

    @classmethod
    def variable(cls, variable: Variable) -> Formula:
        """The value of one variable."""
        return cls(lambda point: point[variable])

    @classmethod
    def total(cls, values: Iterable[Formula | float]) -> Formula:
        """The sum of formulas and numbers."""
        parts = [as_function(value) for value in values]
        return cls(lambda point: sum([part(point) for part in parts]))

    @classmethod
    def extreme(cls, largest: bool, values: Sequence[Formula | float]) -> Formula:
        """The largest or smallest of formulas and numbers."""
        parts = [as_function(value) for value in values]
        pick = max if largest else min
        return cls(lambda point: pick([part(point) for part in parts]))

    def _with(
        self, apply: Callable[[float, float], float], other: Formula | float, *, swap: bool = False
    ) -> Formula:
        mine, theirs = self.at, as_function(other)
        if swap:
            return Formula(lambda point: apply(theirs(point), mine(point)))
        return Formula(lambda point: apply(mine(point), theirs(point)))

    def __add__(self, other: Formula | float) -> Formula:
        return self._with(operator.add, other)

    __radd__ = __add__

    def __sub__(self, other: Formula | float) -> Formula:
        return self._with(operator.sub, other)

    def __rsub__(self, other: Formula | float) -> Formula:
        return self._with(operator.sub, other, swap=True)

    def __mul__(self, other: Formula | float) -> Formula:
        return self._with(operator.mul, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Formula | float) -> Formula:
        return self._with(operator.truediv, other)

    def __rtruediv__(self, other: Formula | float) -> Formula:
        return self._with(operator.truediv, other, swap=True)

    def __pow__(self, other: Formula | float) -> Formula:
        return self._with(operator.pow, other)

    def __rpow__(self, other: Formula | float) -> Formula:
        return self._with(operator.pow, other, swap=True)

    def __neg__(self) -> Formula:
        return self._with(operator.mul, -1.0)

    def __abs__(self) -> Formula:
        mine = self.at
        return Formula(lambda point: abs(mine(point)))


def as_function(value: Formula | float) -> Callable[[Point], float]:
    """A formula or a plain number as a function of the point."""
    if isinstance(value, Formula):
        return value.at
    number = float(value)
    return lambda point: number
