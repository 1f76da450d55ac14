"""Sets and numbers that the words settle, declared without asking the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from r2c.agents.indexed.data import Data
from r2c.agents.indexed.headings import axis_name, parameter_name, plural
from r2c.agents.roster import Choice
from r2c.agents.written.nouns import MOST, Axis, Nouns, read_nouns
from r2c.agents.written.series import Series, enumerations, numbered, series_in
from r2c.cir.nouns import singular
from r2c.cir.write import number
from r2c.problem.grid import unique
from r2c.problem.schema import Problem, Span

_LONGEST = 32


class Settled(NamedTuple):
    """What the words settle, and where numbers are told that belong to it."""

    nouns: tuple[Choice, ...]
    spans: tuple[Span, ...]


def settled(problem: Problem, data: Data) -> Settled:
    """What is told member by member and what is counted up, as declarations.

    Args:
        problem: the problem.
        data: the sets and parameters of its tables.
    """
    counted = [(singular(noun) or noun, labels) for noun, labels in enumerations(problem)]
    found: list[Choice] = []
    spans: list[Span] = []
    for series in series_in(problem):
        axis = _axis(series.labels, counted, data, found)
        values = None if axis is None else _in_order(series, axis)
        if axis is None or values is None:
            continue
        name = unique(parameter_name(series.topic)[:_LONGEST], _taken(data, found))
        line = f"{name}[{axis.name}] = {', '.join(map(number, values))}"
        if _declare(line, data, found):
            spans.append(series.span)
    for noun, labels in counted:
        if _known(labels, data, found) is None:
            _new_set(noun, labels, data, found)
    return Settled(tuple(found), tuple(spans))


def _declare(line: str, data: Data, found: list[Choice]) -> bool:
    """Add a declaration, if the reader of declarations takes it."""
    if len(found) >= MOST:
        return False
    try:
        made = read_nouns(line, data, tuple(found), decided=False)
    except ValueError:
        return False
    found.extend(made)
    return bool(made)


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
        return _new_set(noun, [str(place) for place in places], data, found)
    wanted = {label.lower() for label in labels}
    for noun, members in counted:
        if wanted == {member.lower() for member in members}:
            return _new_set(noun, members, data, found)
    return _new_set("item", labels, data, found)


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


def _new_set(noun: str, labels: Sequence[str], data: Data, found: list[Choice]) -> Axis | None:
    taken = _taken(data, found)
    name = unique(axis_name(noun)[:_LONGEST], taken)
    members = unique(plural(name.capitalize()), taken)
    made = _declare(f"{name} in {members}: {', '.join(labels)}", data, found)
    return Nouns(data, tuple(found)).axes[name] if made else None


def _taken(data: Data, found: Sequence[Choice]) -> frozenset[str]:
    return Nouns(data, tuple(found)).names


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
