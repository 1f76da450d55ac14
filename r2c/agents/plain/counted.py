"""Which known measure a number counts, by the noun behind it: "100 machines", "8 tons of waste"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from r2c.agents.mentions import mentioned
from r2c.agents.slots import Slot
from r2c.problem.spoken import spoken, stem
from r2c.problem.vocabulary import UNITS

_BREAK = re.compile(
    r"[,;.]|\b(?:and|while|whereas|but|or|available|per|each|on|in|for|from|with)\b", re.IGNORECASE
)
_WORDS = 5
_GENERAL = frozenset(
    stem(word)
    for word in (*UNITS, *"total number amount required needed used available per of the".split())
    if word.isalpha()
)


def counted_measure(
    slot: Slot, measures: Sequence[str], telling: Mapping[str, frozenset[str]]
) -> str | None:
    """The one known measure whose name is in the noun behind the number; None if it is unclear.

    Args:
        slot: the number.
        measures: the measures known so far.
        telling: the decisions with their words; where the noun names one of them, it is unclear.
    """
    noun = " ".join(_BREAK.split(slot.after, maxsplit=1)[0].split()[:_WORDS])
    if mentioned(noun, telling):
        return None
    words = set(spoken(noun)) - _GENERAL
    found = [name for name in measures if words & (set(map(stem, name.split("_"))) - _GENERAL)]
    return found[0] if len(found) == 1 else None
