"""Numbers of the very thing that is decided: "90 acres" where acres of oats and of rye are sown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from r2c.agents.mentions import mentioned
from r2c.agents.slots import Slot
from r2c.problem.spoken import spoken, stem

Telling = Mapping[str, frozenset[str]]

_NEAR = 6
"""The words on either side of a number that may say what it counts."""
_NOUN = 2
"""The words behind a number that name what it counts: "acres of"."""
_SIGNS = ("$", "€", "£")
_MONEY = frozenset(map(stem, "money dollar euro pound invested investment funds".split()))
_BREAK = re.compile(r"[,;.]|\b(?:and|while|whereas|but)\b", re.IGNORECASE)


def named_near(slot: Slot, measures: Sequence[str]) -> list[str]:
    """The measures that the words at a number name."""
    before, after = _BREAK.split(slot.before)[-1], _BREAK.split(slot.after)[0]
    near = {*list(spoken(before))[-_NEAR:], *list(spoken(after))[:_NEAR]}
    near |= {word.removesuffix("ing") for word in near}
    return [measure for measure in measures if near & set(map(stem, measure.split("_")))]


def counts_all(
    slot: Slot, measures: Sequence[str], telling: Telling, shared: frozenset[str]
) -> bool:
    """Whether a number limits the sum of all decisions, by the noun that they have in common.

    Args:
        slot: a number in a sentence that has not spoken of a decision yet.
        measures: the measures known so far; where one of them is named the number may be its.
        telling: the decisions, each with the words that tell it apart.
        shared: the words by which all decisions are told what they are, such as "acres".
    """
    if slot.side is None or slot.factor or slot.per_unit or named_near(slot, measures):
        return False
    behind = _BREAK.split(slot.after)[0]
    if mentioned(behind, telling):
        return False
    noun = set(list(spoken(behind))[:_NOUN])
    if slot.quantity.unit in _SIGNS:
        noun |= _MONEY
    return bool(shared & noun)
