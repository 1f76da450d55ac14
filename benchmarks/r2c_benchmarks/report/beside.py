"""The right rules of a problem beside those that a method found, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from r2c_benchmarks.report.equations import Equation

NOWHERE = "stated in no sentence of the problem's rules"


@dataclass(frozen=True)
class Row:
    """A sentence with the rules that it states and those that were read from it.

    `is_goal` is whether it is about the objectives, which are long and have no sentence.
    """

    quote: str
    right: Sequence[Equation]
    found: Sequence[Equation]
    is_goal: bool = False


def beside(right: Sequence[Equation], found: Sequence[Equation]) -> list[Row]:
    """One row for each right rule, then what was found elsewhere, then the objectives.

    A rule that was found stands beside the first right rule whose words it shares; without right
    rules each has a row of its own.
    """
    of_right, of_found = ([one for one in of if _is_goal(one)] for of in (right, found))
    goals = Row("", of_right, of_found, is_goal=True)
    rows: list[Row] = []
    left = [one for one in found if not _is_goal(one)]
    for rule in sorted((one for one in right if not _is_goal(one)), key=_place):
        here = [one for one in left if _overlap(rule, one)]
        left = [one for one in left if one not in here]
        rows.append(Row(rule.quote, [rule], here))
    for one in sorted(left, key=_place):
        rows.append(Row(one.quote or NOWHERE, [], [one]))
    return [*rows, goals] if goals.right or goals.found else rows


def _is_goal(one: Equation) -> bool:
    return not one.archetype and one.id == "objective"


def _place(one: Equation) -> int:
    return 10**9 if one.span is None else one.span.start


def _overlap(one: Equation, other: Equation) -> bool:
    return one.span is not None and other.span is not None and one.span.overlaps(other.span)
