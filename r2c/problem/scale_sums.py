"""Joins `1 million 500 thousand` and `2 lakh fifty thousand`: one number in two scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from r2c.problem.mark import Mark


def join_sums(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """The marks, with neighbours of falling scale added up; only a blank may stand between."""
    result: list[Mark] = []
    for mark in marks:
        if result and _carries_on(text, result[-1], mark):
            first = result.pop()
            mark = replace(
                first, end=mark.end, value=first.value + mark.value, scale=mark.scale, plain=False
            )
        result.append(mark)
    return result


def _carries_on(text: str, first: Mark, mark: Mark) -> bool:
    numbers = {first.kind, mark.kind} <= {"number", "word"} and mark.unit is None
    falling = first.scale >= 1000 and 100 <= mark.scale < first.scale and mark.value < first.scale
    return (
        numbers and falling and mark.value > 0 and text[first.end : mark.start] in (" ", "\u00a0")
    )
