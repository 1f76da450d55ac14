"""Numbers as a sentence writes them and the model does not: 2 dozen, thirty percent, 8 x 5."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from r2c.problem.numbered_nouns import is_numbered
from r2c.problem.schema import Problem, Quantity, Sentence

_FIRST = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MADE = re.compile(r"\S+ = (\S+) ([-+x/]) (\S+)")
_CLOSE = 1e-9


def said_as(sentence: Sentence, problem: Problem, old: float) -> list[Quantity]:
    """The numbers of a sentence that have a value, but for its sign; labels only if nothing else.

    An amount of the very sign comes before one of the other.
    """
    said = [
        item
        for item in problem.quantities
        if item.sentence == sentence.number and math.isclose(abs(item.value), abs(old))
    ]
    for kept in (
        [item for item in said if item.kind not in ("label", "ordinal")],
        [item for item in said if not is_numbered(item, problem.text)],
        [item for item in said if item.value * old > 0],
    ):
        said = [item for item in said if item in kept] or said
    return said


def scale_of(sentence: Sentence, problem: Problem, written: float) -> float | None:
    """By what a written number is multiplied in the model: 12 for the 2 of "2 dozen".

    None if the sentence writes no such number, or several that differ in this.
    """
    found = {
        scale
        for item in problem.quantities
        if item.sentence == sentence.number and (scale := _scale(item, written)) is not None
    }
    return found.pop() if len(found) == 1 else None


def _scale(quantity: Quantity, written: float) -> float | None:
    if quantity.kind == "percent" and math.isclose(quantity.value * 100, written):
        return 0.01
    first = _FIRST.search(quantity.text)
    if first is None or not written or float(first[0].replace(",", "")) != written:
        return None
    scale = quantity.value / written
    return None if math.isclose(scale, 1.0) else scale


def remade(note: str | None, old: float, new: float) -> float | None:
    """What a number becomes that was made of two, "40 = 8 x 5", when one of the two changes.

    None if the note says nothing of the kind. Of two that are equal the first changes.
    """
    found = None if note is None else _MADE.fullmatch(note)
    if found is None:
        return None
    try:
        one, other = float(found[1]), float(found[3])
    except ValueError:
        return None
    if old not in (one, other):
        return None
    one, other = (new, other) if one == old else (one, new)
    match found[2]:
        case "x":
            return one * other
        case "+":
            return one + other
        case "-":
            return one - other
        case _:
            return one / other if other else None


def parts_of(note: str | None) -> Iterator[float]:
    """The two numbers that a number was made of."""
    found = None if note is None else _MADE.fullmatch(note)
    for text in () if found is None else (found[1], found[3]):
        try:
            yield float(text)
        except ValueError:
            continue
