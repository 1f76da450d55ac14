"""Numbers listed for several decisions at once: "A, B and C cost 10, 20 and 30 respectively"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from r2c.agents.clauses import Clause
from r2c.agents.mentions import mentioned_in_order

_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)


def respective(clause: Clause, telling: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The decision of each number of the clause; empty where the words do not settle it.

    A sentence that names no decision ("the costs are 10, 20 and 30 respectively") goes through
    all of them in order; one with several lists goes through the names again for each list.

    Args:
        clause: the sentence.
        telling: the decisions in order of mention, each with the words that tell it apart.
    """
    count = len(clause.slots)
    if not _RESPECTIVELY.search(clause.text):
        return ()
    named = mentioned_in_order(clause.text, telling) or tuple(telling)
    if len(named) < 2 or count % len(named) or any(slot.factor for slot in clause.slots):
        return ()
    return tuple(named[place % len(named)] for place in range(count))
