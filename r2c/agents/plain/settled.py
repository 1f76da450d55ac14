"""The relation that the words at a number settle; a model is left nothing but to write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from r2c.agents.mentions import mentioned
from r2c.agents.plain.averages import average
from r2c.agents.plain.multiples import multiple
from r2c.agents.plain.ratios import difference, ratio
from r2c.agents.plain.shares import shares
from r2c.agents.plain.whole import counts_all
from r2c.agents.slots import Slot
from r2c.cir.write import number

Telling = Mapping[str, frozenset[str]]


Sides = tuple[str, str]
"""The left and the right side of a relation: `("vans", "2*coaches")`."""


def settled_relations(
    slots: Sequence[Slot], telling: Telling, measures: Sequence[str], shared: frozenset[str]
) -> tuple[Sides | None, ...]:
    """For each number the relation that the words settle, None where they leave it open.

    Args:
        slots: the numbers of one sentence.
        telling: the decisions, each with the words that tell it apart.
        measures: the measures known so far.
        shared: the words by which all decisions are told what they are, such as "acres".
    """
    total = " + ".join(telling)
    parts = shares(slots, telling, measures)
    spoken_of = False
    found: list[Sides | None] = []
    for slot, share in zip(slots, parts, strict=True):
        spoken_of = spoken_of or bool(mentioned(slot.before, telling))
        value = number(slot.quantity.value)
        part = average(slot, measures) or share
        if (pair := difference(slot, telling)) is not None:
            found.append((f"{pair[0]} - {pair[1]}", value))
        elif not spoken_of and counts_all(slot, measures, telling, shared):
            found.append((total, value))
        elif part is not None:
            found.append((part, f"{value}*({total})"))
        elif (pair := ratio(slot, telling) or multiple(slot, telling)) is not None:
            found.append((pair[0], f"{value}*{pair[1]}"))
        else:
            found.append(None)
    return tuple(found)
