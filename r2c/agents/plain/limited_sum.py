"""A limit on a sum, or on one sum less another, that the words of a sentence settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from r2c.agents.plain.excess import excess, speaks_of_excess
from r2c.agents.plain.weighted import weighted_sum
from r2c.agents.slots import Slot


def limited_sum(
    slots: Sequence[Slot], telling: Mapping[str, frozenset[str]], text: str
) -> str | None:
    """The limit, `3*x + 2*y >= 40`; None if the words put none on a sum.

    Args:
        slots: the numbers of one sentence.
        telling: the decisions, each with the words that tell it apart.
        text: the sentence.
    """
    if speaks_of_excess(slots):
        return excess(slots, telling)
    return weighted_sum(slots, telling, text)
