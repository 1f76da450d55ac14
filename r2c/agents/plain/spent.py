"""Which known measure is spent: "they do not want to spend more than $400" limits the cost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from r2c.agents.mentions import mentioned
from r2c.agents.slots import Slot
from r2c.problem.spoken import stem

_SPENDS = re.compile(r"\b(?:spend|spends|spending|spent|budget|afford)\b[^.;]*$", re.IGNORECASE)
_MONEY = re.compile(r"[$€£]\s*$|\b(?:spend|spends|spending|spent|afford)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:hours?|minutes?|days?|time|labou?r)\b", re.IGNORECASE)
_COSTS = frozenset(map(stem, "cost expense expenditure price spending outlay investment".split()))


def spent_measure(
    slot: Slot, measures: Sequence[str], telling: Mapping[str, frozenset[str]]
) -> str | None:
    """The one known measure that is a cost, where the number limits what is spent; else None.

    Args:
        slot: the number.
        measures: the measures known so far.
        telling: the decisions with their words; where one is spent on, it is unclear.
    """
    if slot.side != "<=" or not slot.firm or slot.per_unit or slot.factor:
        return None
    if not (_SPENDS.search(slot.before) and _MONEY.search(slot.before)):
        return None
    if _OTHER.search(slot.after[:30]) or mentioned(f"{slot.before} {slot.after}", telling):
        return None
    found = [name for name in measures if _COSTS & set(map(stem, name.split("_")))]
    return found[0] if len(found) == 1 else None
