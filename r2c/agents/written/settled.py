"""Sets and numbers that the words settle, declared without asking the model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.indexed.data import Data
from r2c.agents.indexed.headings import axis_name, parameter_name, plural
from r2c.agents.roster import Choice
from r2c.agents.written.nouns import Axis, Nouns, read_nouns
from r2c.agents.written.series import Series, enumerations, numbered, series_in
from r2c.cir.write import number
from r2c.problem.grid import unique
from r2c.problem.schema import Problem

_SINGULAR = (
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(ss|x|ch|sh)es$"), r"\1"),
    (re.compile(r"(?<!s)s$"), ""),
)


def settled_nouns(problem: Problem, data: Data) -> tuple[Choice, ...]:
    """What is told member by member and what is counted up, as declarations.

    Args:
        problem: the problem.
        data: the sets and parameters of its tables.
    """
    counted = [(singular(noun), labels) for noun, labels in enumerations(problem)]
    found: list[Choice] = []
    for series in series_in(problem):
        axis = _axis(series.labels, counted, data, found)
        if axis is None:
            continue
        values = _in_order(series, axis)
        if values is None:
            continue
        name = unique(parameter_name(series.topic), _taken(data, found))
        line = f"{name}[{axis.name}] = {', '.join(map(number, values))}"
        found.append(Choice(name, "", (axis.name,), line))
    for noun, labels in counted:
        if _known(labels, data, found) is None:
            _declare(noun, labels, data, found)
    return read_nouns("\n".join(map(str, found)), data, decided=False)


def singular(noun: str) -> str:
    """`batteries` to `battery`, good enough for a name."""
    for pattern, ending in _SINGULAR:
        if pattern.search(noun):
            return pattern.sub(ending, noun)
    return noun


def _axis(
    labels: Sequence[str],
    counted: Sequence[tuple[str, tuple[str, ...]]],
    data: Data,
    found: list[Choice],
) -> Axis | None:
    """The set of some members: known, counted up in the text, numbered, or new."""
    known = _known(labels, data, found)
    if known is not None:
        return known
    series = numbered(labels)
    if series is not None:
        noun, places = series
        if list(places) != list(range(places[0], places[0] + len(places))):
            return None
        return _declare(noun, [str(place) for place in places], data, found)
    wanted = {label.lower() for label in labels}
    for noun, members in counted:
        if wanted == {member.lower() for member in members}:
            return _declare(noun, members, data, found)
    return _declare("item", labels, data, found)


def _known(labels: Sequence[str], data: Data, found: Sequence[Choice]) -> Axis | None:
    wanted = {label.lower() for label in labels}
    series = numbered(labels)
    for axis in Nouns(data, tuple(found)).axes.values():
        members = {str(member).lower() for member in axis.members}
        if members == wanted:
            return axis
        places = () if series is None or series[0] != axis.name else series[1]
        if places and members == {str(place) for place in places}:
            return axis
    return None


def _declare(noun: str, labels: Sequence[str], data: Data, found: list[Choice]) -> Axis:
    taken = _taken(data, found)
    name = unique(axis_name(noun), taken)
    members = unique(plural(name.capitalize()), taken)
    found.append(Choice(name, "", (), f"{name} in {members}: {', '.join(labels)}"))
    return Nouns(data, tuple(found)).axes[name]


def _taken(data: Data, found: Sequence[Choice]) -> set[str]:
    nouns = Nouns(data, tuple(found))
    sets = {axis.set for axis in nouns.axes.values()}
    return {*data.taken(), *(item.name for item in found), *sets}


def _in_order(series: Series, axis: Axis) -> list[float] | None:
    """The numbers in the order of the members; None if they are not those of all members."""
    by_label = dict(zip((label.lower() for label in series.labels), series.values, strict=True))
    numbers = numbered(series.labels)
    if numbers is not None:
        by_label |= {
            str(place): value for place, value in zip(numbers[1], series.values, strict=True)
        }
    values = [by_label.get(str(member).lower()) for member in axis.members]
    return None if None in values else [value for value in values if value is not None]
