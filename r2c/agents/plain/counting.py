"""Whether the objective counts the things decided: "as few trips as possible in total"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.problem.spoken import spoken, stem

_TOTAL_NUMBER = re.compile(
    r"\b(?:(?:maximi[sz]|minimi[sz]|reduc|increas|decreas|lower)\w*\s+(?:the\s+)?"
    r"(?:total\s+|overall\s+)?number of|(?:minimum|maximum|smallest|least|lowest)\s+(?:total\s+)?"
    r"number of|(?:as few|the fewest))\s+(?P<things>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(
    r"[,.;?]|\b(?:that|which|while|subject|needed|used|required|as possible)\b", re.IGNORECASE
)
_UNIT = re.compile(r"\b(?:per|each|every|an?|in|for)\b", re.IGNORECASE)
"""What follows is what data are told for: the trip of "50 cars per trip"."""

_RATE = re.compile(r"\b(?:per|each|every)\b", re.IGNORECASE)
_GENERAL = frozenset(map(stem, "of either the all both type types kind kinds".split()))
_NOUN = 3


def counts_things(asked: str, clauses: Sequence[Clause]) -> bool:
    """Whether the question asks for the number of all things decided.

    "The total number of viewers" does not where each spot "attracts 2000 viewers": what data per
    unit is counted in is a measure.

    Args:
        asked: the words that ask for the best plan.
        clauses: the sentences with their numbers.
    """
    match = _TOTAL_NUMBER.search(asked)
    if match is None:
        return False
    things = _ENDS.split(match["things"], maxsplit=1)[0]
    if _RATE.search(things):
        return False
    told = [slot for clause in clauses for slot in clause.slots if slot.side is None]
    behind = (_UNIT.split(slot.after, maxsplit=1)[0] for slot in told)
    measured = {word for words in behind for word in list(spoken(words))[:_NOUN]}
    return not (set(spoken(things)) - _GENERAL) & measured
