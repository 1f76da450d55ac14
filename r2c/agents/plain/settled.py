"""The relation that the words at a number settle; a model is left nothing but to write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from r2c.agents.plain.averages import average
from r2c.agents.plain.multiples import multiple
from r2c.agents.plain.ratios import difference, ratio
from r2c.agents.plain.shares import shares
from r2c.agents.plain.whole import counts_all
from r2c.agents.slots import Slot
from r2c.cir.write import number

Telling = Mapping[str, frozenset[str]]


def settled_sides(
    slots: Sequence[Slot],
    place: int,
    telling: Telling,
    measures: Sequence[str],
    shared: frozenset[str],
) -> tuple[str, str] | None:
    """The left and the right side of the relation at a number, `("vans", "2*coaches")`; else None.

    Args:
        slots: the numbers of one sentence.
        place: which of them.
        telling: the decisions, each with the words that tell it apart.
        measures: the measures known so far.
        shared: the words by which all decisions are told what they are, such as "acres".
    """
    slot = slots[place]
    value = number(slot.quantity.value)
    total = " + ".join(telling)
    if (pair := difference(slot, telling)) is not None:
        return f"{pair[0]} - {pair[1]}", value
    if counts_all(slots, place, measures, telling, shared):
        return total, value
    part = average(slot, measures) or shares(slots, telling, measures)[place]
    if part is not None:
        return part, f"{value}*({total})"
    if (pair := ratio(slot, telling) or multiple(slot, telling)) is not None:
        return pair[0], f"{value}*{pair[1]}"
    return None
