"""Limits on an average: "the average risk is at most 5" holds the total risk to 5 for each unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.slots import Slot
from r2c.problem.spoken import spoken, stem

_AVERAGE = re.compile(r"\b(?:average|mean)\b([^.;,]*)$", re.IGNORECASE)
_WORDS = 6


def average(slot: Slot, measures: Sequence[str]) -> str | None:
    """The known measure whose average over all decisions the number limits; None if it is unclear.

    Args:
        slot: the number.
        measures: the measures known so far.
    """
    match = _AVERAGE.search(slot.before)
    if match is None or slot.side is None:
        return None
    near = set(list(spoken(match[1]))[:_WORDS])
    named = [measure for measure in measures if near & set(map(stem, measure.split("_")))]
    return named[0] if len(named) == 1 else None
