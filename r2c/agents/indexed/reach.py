"""Who is reached by whom: "every area within 10 minutes of an open station".

A number with a unit that a table of pairs is in tells which pairs count; each member of one side
needs a chosen member of the other with which it makes such a pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data, Given
from r2c.agents.indexed.limits import is_choice
from r2c.agents.over_sets import Reach
from r2c.agents.roster import Choice
from r2c.problem.schema import Quantity
from r2c.problem.spoken import stem

_WITHIN = re.compile(
    r"\b(?:within|up to)\s+(?:(?:an?|the|distance|radius|of)\s+)*$",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"\b(?:reach\w*|cover\w*|serv\w+|respond\w*|access\w*|of each|from (?:each|a|at least))\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:not|n['’]t|no|never|without|unless|except|cannot|outside|beyond)\b", re.IGNORECASE
)
_MEASURES = {
    **dict.fromkeys(("minute", "min", "hour", "second"), "time"),
    **dict.fromkeys(("km", "kilometer", "kilometre", "mile", "meter", "metre"), "distance"),
}
_UNITS = {stem(unit): measure for unit, measure in _MEASURES.items()}


def reach_of(clause: Clause, data: Data, roster: Sequence[Choice]) -> Reach | None:
    """What a sentence says about who has to be reached; None if it says nothing of the kind.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions, of which one chooses the members that reach others.
    """
    counts = {1, *(len(axis.members) for axis in data.axes.values())}
    others = [slot for slot in clause.slots if slot.quantity.value not in counts]
    if not _REACHED.search(clause.text) or _AGAINST.search(clause.text) or len(others) != 1:
        return None
    for slot in others:
        before = clause.text[: max(0, slot.quantity.span.start - clause.span.start)]
        if not _WITHIN.search(before.rstrip() + " "):
            continue
        for given in _measured_in(slot.quantity, data):
            for choice in roster:
                chosen = len(choice.over) == 1 and is_choice(choice)
                if chosen and choice.over[0] in given.axes:
                    (each,) = (axis for axis in given.axes if axis != choice.over[0])
                    return Reach(choice.name, given.name, slot.quantity.value, each)
    return None


def _measured_in(quantity: Quantity, data: Data) -> Iterator[Given]:
    """The parameters for pairs that are in the unit of the number, or name none for its measure."""
    unit = stem((quantity.unit or "").split(" ")[0])
    measure = _UNITS.get(unit)
    for given in data.given.values():
        told = (given.name, given.heading, given.parameter.unit or "")
        said = {stem(word) for part in told for word in re.findall(r"[A-Za-z]+", part)}
        units = said & _UNITS.keys()
        fits = unit in units if units else measure is not None and stem(measure) in said
        if len(given.axes) == 2 and len(units) < 2 and fits:
            yield given
