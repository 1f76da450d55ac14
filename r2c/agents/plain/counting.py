"""Whether the objective counts the things decided: "as few trips as possible in total"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.mentions import spoken

_TOTAL_NUMBER = re.compile(
    r"\b(?:maximi[sz]|minimi[sz]|reduc|increas)\w*\s+(?:the\s+)?(?:total\s+|overall\s+)?number of"
    r"\s+(?P<things>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(r"[,.;?]|\b(?:that|which|while|subject|needed|used|required)\b", re.IGNORECASE)


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
    things = set(spoken(_ENDS.split(match["things"], maxsplit=1)[0]))
    told = [slot for clause in clauses for slot in clause.slots if slot.side is None]
    measured = {word for slot in told for word in spoken(slot.quantity.unit or "")}
    behind = {word for slot in told for word in list(spoken(slot.after))[:3]}
    return not things & (measured | behind)
