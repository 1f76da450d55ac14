"""Flows through a network: what reaches a place leaves it, except at the two ends.

A network is a family over pairs of one set of places. The words name the ends: "(Source)",
"from Hub 0 to Hub 7". What leaves the source beyond what returns to it is called `sent`. Or a
table says what each place has and needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.agents.indexed.data import Data, Given, Space
from r2c.agents.indexed.limits import is_choice, side_of
from r2c.agents.over_sets import Balance, Exchange
from r2c.agents.roster import Choice
from r2c.cir.schema import TableValues
from r2c.problem.schema import Problem

SENT = "sent"
_SOURCE = r"source|origin|start(?:ing point)?"
_SINK = r"sink|destination|target|end(?: point)?|final"
_FLOW = re.compile(
    r"\b(?:maxim\w+|most|largest)\b[^.?!]*\b(?:flow\w*|transmit\w*|transfer\w*|transport\w*|sent|send"
    r"|deliver\w*|data|resources|goods|water|traffic)\b",
    re.IGNORECASE | re.DOTALL,
)


def balance_of(
    table: str, problem: Problem, data: Data, roster: Sequence[Choice]
) -> Balance | None:
    """What the arcs of a table ask of the flow along them; None if they are no network.

    Args:
        table: the name of the table.
        problem: the problem.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    for choice in roster:
        arcs = [
            one for one in data.given.values() if one.table == table and one.axes == choice.over
        ]
        if not arcs or not is_network(choice.over, data):
            continue
        ends = ends_of(problem, data.axes[choice.over[0]].members)
        return None if ends is None else Balance(choice.name, ends)
    return None


def has_exchange(spaces: Sequence[Space], data: Data) -> bool:
    """Whether the places of a network have and need amounts, so that amounts go along its arcs."""
    for space in spaces:
        given = [one for one in data.given.values() if one.axes == (space.axes[0],)]
        if {"<=", ">="} <= {side_of(one) for one in given}:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Told:
    """What the places of a network have and need, and the tables that say so."""

    statement: Exchange
    tables: tuple[str, ...]


def exchange_of(problem: Problem, data: Data, roster: Sequence[Choice]) -> Told | None:
    """What the places of a network have and need; None unless tables say both.

    What is there beyond all that is needed may stay where it is.

    Args:
        problem: the problem.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    for choice in roster:
        if not is_network(choice.over, data) or is_choice(choice):
            continue
        place = (choice.over[0],)
        given = [one for one in data.given.values() if one.axes == place]
        has, needs = ([one for one in given if side_of(one) == side] for side in ("<=", ">="))
        if len(has) != 1 or len(needs) != 1:
            return None
        op = "==" if _total(has[0], problem) == _total(needs[0], problem) else ">="
        tables = dict.fromkeys((needs[0].table, has[0].table))
        return Told(Exchange(choice.name, has[0].name, needs[0].name, op), tuple(tables))
    return None


def _total(given: Given, problem: Problem) -> float:
    if not isinstance(given.parameter.value, TableValues):
        return 0.0
    table = next(one for one in problem.tables if one.name == given.table)
    cells = table.column(given.parameter.value.value)
    return sum(cell for cell in cells if isinstance(cell, float))


def is_network(over: Sequence[str], data: Data) -> bool:
    """Whether axes are pairs of one and the same set."""
    return len(over) == 2 and len({data.axes[axis].set for axis in over}) == 1


def asks_for_flow(text: str) -> bool:
    """Whether the text asks how much can get through."""
    return _FLOW.search(text) is not None


def ends_of(problem: Problem, places: Sequence[str]) -> tuple[str, str] | None:
    """Source and sink as the words name them; None unless both are."""
    source = _called(problem.text, places, _SOURCE)
    sink = _called(problem.text, places, _SINK)
    named = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True))
    if source is None or sink is None:
        way = re.compile(
            rf"\bfrom\s+[^.]{{0,60}}?({named})\b[^.]{{0,60}}?\bto\s+[^.]{{0,60}}?({named})\b"
        )
        match = way.search(problem.text.split("\n")[-1])
        if match is not None:
            source, sink = source or match[1], sink or match[2]
    return (source, sink) if source and sink and source != sink else None


def _called(text: str, places: Sequence[str], role: str) -> str | None:
    for place in sorted(places, key=len, reverse=True):
        name = re.escape(place)
        if re.search(rf"\b{name}\s*\((?:the\s+)?(?:\w+\s+)?(?:{role})\b", text, re.IGNORECASE):
            return place
    return None
