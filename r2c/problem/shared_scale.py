"""Gives every member of a list the scale or percent sign that is written once, at its end.

`40, 25, 55 and 30 million` are four amounts in millions and `20-30%` two shares. Two numbers
joined by `and` share only after `between` or with `respectively`: in "20 and 3 million" they may
be of different things. Nothing is shared with a member more than 20 times the last one, which
then stands for itself: "500 to 2 thousand" begins at 500.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from r2c.problem.mark import Mark

_MONEY = r"(?:\\?[$€£¥₹₩₽])?"
_RANGE = re.compile(rf"[ \u00a0]*(?:-|–|—|to)[ \u00a0]*{_MONEY}", re.I)
_COMMA = re.compile(rf"[ \u00a0]*,[ \u00a0]*{_MONEY}")
_AND = re.compile(rf"[ \u00a0]*,?[ \u00a0]*and[ \u00a0]+{_MONEY}", re.I)
_OR = re.compile(rf"[ \u00a0]*,?[ \u00a0]*or[ \u00a0]+{_MONEY}", re.I)
_BETWEEN = re.compile(r"\b(?:between|from)\s+\S{0,3}\Z", re.I)
_RESPECTIVELY = re.compile(r"[^.;]{0,120}\brespectively\b", re.I)
_MOST_TIMES = 20.0


def share_scales(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """The marks, with scales and percent signs shared within their lists."""
    result = list(marks)
    for index, last in enumerate(marks):
        if last.kind == "percent" or (last.scale != 1 and last.kind in ("number", "word")):
            for place in _members(text, result, index):
                result[place] = _scaled(result[place], last)
    return result


def _members(text: str, marks: Sequence[Mark], index: int) -> range:
    """The places of the bare numbers before the mark at `index` that share its scale."""
    last = marks[index]
    if index == 0 or not _is_bare(marks[index - 1], last):
        return range(0)
    first, between = marks[index - 1], text[marks[index - 1].end : last.start]
    if _RANGE.fullmatch(between):
        rises = last.kind == "percent" or abs(first.value) < abs(last.value) / last.scale
        return range(index - 1, index) if rises else range(0)
    if not (_AND.fullmatch(between) or _OR.fullmatch(between)):
        return range(0)
    start = index - 1
    while start and _is_bare(marks[start - 1], last):
        if not _COMMA.fullmatch(text[marks[start - 1].end : marks[start].start]):
            break
        start -= 1
    pair = start == index - 1 and not _OR.fullmatch(between)
    if pair and not _belongs_together(text, first, last):
        return range(0)
    base = abs(last.value) / last.scale
    if last.kind != "percent" and any(
        abs(mark.value) > _MOST_TIMES * base for mark in marks[start:index]
    ):
        return range(0)
    return range(start, index)


def _is_bare(mark: Mark, last: Mark) -> bool:
    """Whether the mark is a number without scale, unit or sign of its own."""
    unit = mark.unit is None or (last.kind != "percent" and last.unit in (None, mark.unit))
    return mark.kind in ("number", "word") and mark.scale == 1 and unit


def _belongs_together(text: str, first: Mark, last: Mark) -> bool:
    lead = text[max(0, first.start - 16) : first.start]
    return bool(_BETWEEN.search(lead) or _RESPECTIVELY.match(text, last.end))


def _scaled(mark: Mark, last: Mark) -> Mark:
    if last.kind == "percent":
        factor = 1000.0 if last.unit == "‰" else 100.0
        return replace(mark, kind="percent", unit=last.unit, value=mark.value / factor, plain=False)
    return replace(mark, value=mark.value * last.scale, scale=last.scale, plain=False)
