"""Who is reached by whom: "every area within 10 minutes of an open station".

A number with a unit that a table of pairs is in tells which pairs count; each member of one side
needs a chosen member of the other with which it makes such a pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data, Given
from r2c.agents.mentions import stem
from r2c.agents.over_sets import Reach
from r2c.agents.roster import Choice
from r2c.problem.schema import Quantity

_WITHIN = re.compile(
    r"\b(?:within|no more than|not more than|at most|up to|no farther than|no further than"
    r"|less than|under|closer than)\s+(?:(?:an?|the|distance|radius|of)\s+)*$",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"\b(?:reach\w*|cover\w*|serv\w+|respond\w*|access\w*|of each|from (?:each|a|at least))\b",
    re.IGNORECASE,
)
_UNITS = {
    "minute": ("minute", "time", "min", "hour"),
    "hour": ("hour", "time"),
    "km": ("km", "kilometer", "kilometre", "distance"),
    "kilometer": ("km", "kilometer", "distance"),
    "mile": ("mile", "distance"),
    "meter": ("meter", "metre", "distance"),
}


def reach_of(clause: Clause, data: Data, roster: Sequence[Choice]) -> Reach | None:
    """What a sentence says about who has to be reached; None if it says nothing of the kind.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions, of which one chooses the members that reach others.
    """
    if not _REACHED.search(clause.text):
        return None
    for slot in clause.slots:
        before = clause.text[: max(0, slot.quantity.span.start - clause.span.start)]
        if not _WITHIN.search(before.rstrip() + " "):
            continue
        for given in _measured_in(slot.quantity, data):
            for choice in roster:
                if len(choice.over) == 1 and choice.over[0] in given.axes:
                    (each,) = (axis for axis in given.axes if axis != choice.over[0])
                    return Reach(choice.name, given.name, slot.quantity.value, each)
    return None


def _measured_in(quantity: Quantity, data: Data) -> Iterator[Given]:
    """The parameters for pairs that may be in the unit of the number."""
    unit = stem((quantity.unit or "").split(" ")[0])
    words = _UNITS.get(unit, (unit,)) if unit else ()
    for given in data.given.values():
        told = (given.name, given.heading, given.parameter.unit or "")
        said = {stem(word) for part in told for word in part.replace("_", " ").split()}
        if len(given.axes) == 2 and any(stem(word) in said for word in words):
            yield given
