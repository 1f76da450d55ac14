"""By how much two amounts violate a comparison, relative to their size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from r2c.cir.expr import CompareOp
from r2c.cir.members import Key
from r2c.cir.schema import Element
from r2c.model.formula import Formula, Point, as_function

TOLERANCE = 1e-6
"""Relative to the larger of 1 and the compared amounts."""

Violation = Callable[[Point], float]
"""By how much a point violates a condition, 0 if it holds."""

FALSE_AMOUNT = 1.0
"""The violation of a condition that is false, where nothing tells by how much."""

OPPOSITE: dict[str, CompareOp] = {
    "<=": ">",
    ">=": "<",
    "<": ">=",
    ">": "<=",
    "==": "!=",
    "!=": "==",
}


def _scale(left: float, right: float) -> float:
    return max(1.0, abs(left), abs(right))


def _below(left: float, right: float) -> float:
    return max(0.0, (left - right) / _scale(left, right))


def _strictly_below(left: float, right: float) -> float:
    # Strict means by more than the tolerance, so that a condition and its opposite never both hold.
    gap = (left - right) / _scale(left, right)
    return 0.0 if gap < -TOLERANCE else max(gap, FALSE_AMOUNT)


def _apart(left: float, right: float) -> float:
    return 0.0 if abs(left - right) / _scale(left, right) > TOLERANCE else FALSE_AMOUNT


MEASURES: dict[str, Callable[[float, float], float]] = {
    "<=": _below,
    ">=": lambda left, right: _below(right, left),
    "==": lambda left, right: abs(left - right) / _scale(left, right),
    "<": _strictly_below,
    ">": lambda left, right: _strictly_below(right, left),
    "!=": _apart,
}


def always(amount: float) -> Violation:
    """The same violation at every point."""
    return lambda point: amount


def picked(pick: Callable[[list[float]], float], tests: list[Violation]) -> Violation:
    """The largest or the smallest of several violations."""
    return lambda point: pick([test(point) for test in tests])


def between(
    measure: Callable[[float, float], float], left: Violation, right: Violation
) -> Violation:
    """The violation of a comparison between two amounts."""
    return lambda point: measure(left(point), right(point))


def number_of_nonzero(values: list[Formula | float]) -> Formula:
    """How many of the amounts are not 0 at a point."""
    parts = [as_function(value) for value in values]
    return Formula(lambda point: float(sum(abs(part(point)) > TOLERANCE for part in parts)))


def number_of_components(
    places: Sequence[Element], links: Mapping[Key, Formula | float]
) -> Formula:
    """Into how many parts the links that are not 0 at a point leave the places."""
    parts = [(key, as_function(value)) for key, value in links.items()]

    def count(point: Point) -> float:
        leader = {place: place for place in places}

        def root(place: Element) -> Element:
            while leader[place] != place:
                place = leader[place]
            return place

        for (first, second), part in parts:
            if abs(part(point)) > TOLERANCE and first in leader and second in leader:
                leader[root(first)] = root(second)
        return float(sum(leader[place] == place for place in places))

    return Formula(count)
