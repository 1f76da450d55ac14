"""Sets and parameters out of the tables of a problem.

A table with one label column holds a parameter for each column of numbers; if its headings are
labels as well, the whole body is one parameter over rows and columns. Two label columns are pairs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from r2c.agents.indexed.captions import caption_of
from r2c.agents.indexed.data import Axis, Data, Given, Space
from r2c.agents.indexed.decided import noun_missing
from r2c.agents.indexed.half_matrix import half_of, told_half, whole
from r2c.agents.indexed.headings import (
    are_names,
    axis_name,
    corner_names,
    parameter_name,
    plural,
    series,
    topic,
)
from r2c.cir.schema import IndexSet, Parameter, TableColumns, TableValues, WideValues
from r2c.problem.grid import unique
from r2c.problem.schema import Column, Problem, Scalar, Table
from r2c.problem.told_series import is_series

_ITEM = "item"
_MOST_ROWS = 1_000_000
_ONE_WAY = re.compile(r"\b(?:one-way|asymmetric|directed|each direction)\b", re.IGNORECASE)


def data_of(problem: Problem) -> Data:
    """The sets and parameters that the tables hold; tables of another shape are left out.

    A set that no heading names is called as the words about what is decided call it.
    """
    data = _data_of(problem, _ITEM)
    called = noun_missing(problem, data) if _ITEM in data.axes else None
    return data if called is None else _data_of(problem, called)


def _data_of(problem: Problem, called: str) -> Data:
    data = Data()
    labelled = [(table, labels) for table in problem.tables if (labels := _labels(table))]
    single = [(table, labels[0]) for table, labels in labelled if len(labels) == 1]
    named = {frozenset(map(_member, table.column(label.name))) for table, label in single}
    halves = [
        (table, label, places)
        for table, label in single
        if (places := half_of(table, label)) and not _ONE_WAY.search(problem.text)
    ]
    bodies = [
        (table, label) for table, label in single if all(table is not one[0] for one in halves)
    ]
    _read_bodies(data, problem, bodies, named, called)
    for table in problem.tables:
        if len(table.columns) == len(table.rows) == 1 and table.columns[0].type == "number":
            _read_number(data, table)
    for table, label, places in halves:
        _read_half(data, problem, table, label, places)
    for table, labels in labelled:
        if len(labels) == 2:
            _read_pairs(data, table, labels)
    for first, second in combinations(list(data.axes.values()), 2):
        if first.set != second.set and not any(
            set(space.axes) == {first.name, second.name} for space in data.spaces
        ):
            data.spaces.append(Space((first.name, second.name), (first.set, second.set)))
    return data


def _read_bodies(
    data: Data,
    problem: Problem,
    bodies: Sequence[tuple[Table, Column]],
    named: set[frozenset[str]],
    called: str,
) -> None:
    """Tables of items, which name the sets that tables of pairs run over, then those.

    Words about a table of pairs name its sets better than a sentence that only tells numbers.
    """
    matrices = [one for one in bodies if _is_matrix(problem, *one, named)]
    items = [one for one in bodies if one not in matrices]
    captioned = [one for one in matrices if _is_captioned(problem, *one)]
    for table, label in (one for one in items if not is_series(one[0])):
        _read_items(data, table, label, called)
    for table, label in captioned:
        _read_matrix(data, problem, table, label)
    for table, label in (one for one in items if is_series(one[0])):
        _read_items(data, table, label, called)
    for table, label in (one for one in matrices if one not in captioned):
        _read_matrix(data, problem, table, label)


def _labels(table: Table) -> tuple[Column, ...]:
    """The columns that name what a row is about: one, two, or none if that is not clear."""
    if not table.rows or len(table.columns) < 2 or len(table.rows) > _MOST_ROWS:
        return ()
    first, second = table.columns[:2]
    keys, others = table.column(first.name), table.column(second.name)
    pairs = list(zip(keys, others, strict=True))
    if (
        all(map(_names_things, (first, second), (keys, others)))
        and ((first.type, second.type) == ("text", "text") or _is_product(keys, others))
        and len(table.columns) > 2
        and len(set(pairs)) == len(pairs)
        and not any(None in pair for pair in pairs)
        and (len(set(keys)) < len(keys) or set(keys) & set(others))
    ):
        return (first, second)
    single = None not in keys and len(set(keys)) == len(keys) and _names_things(first, keys)
    return (first,) if single else ()


def _names_things(column: Column, keys: Sequence[Scalar]) -> bool:
    """Texts name things; numbers do so only where they count the rows: 1, 2, 3 ..."""
    if column.type == "text":
        return True
    numbers = list(dict.fromkeys(key for key in keys if isinstance(key, float)))
    counted = numbers == [numbers[0] + k for k in range(len(numbers))] if numbers else False
    return counted and all(isinstance(key, float) for key in keys)


def _is_product(keys: Sequence[Scalar], others: Sequence[Scalar]) -> bool:
    """Whether each of one column stands with each of the other, as numbered members do."""
    if any(1.0 not in of and not all(isinstance(key, str) for key in of) for of in (keys, others)):
        return False
    sizes = (len(set(keys)), len(set(others)))
    return min(sizes) > 1 and sizes[0] * sizes[1] == len(
        set(zip(keys, others, strict=True))
    ) == len(keys)


def _numbers(table: Table, label: Column) -> list[Column]:
    return [column for column in table.columns if column is not label and column.type == "number"]


def _is_matrix(problem: Problem, table: Table, label: Column, named: set[frozenset[str]]) -> bool:
    """Whether the headings are labels themselves: members of a set, or numbered like one."""
    headings = [column.name for column in _numbers(table, label)]
    if len(headings) < 2:
        return False
    if caption_of(problem, table, label.name, headings) is not None:
        return True
    if frozenset(headings) in named or series(headings) is not None:
        return True
    return _topic_before(problem, table) is not None and are_names(headings, problem)


def _is_captioned(problem: Problem, table: Table, label: Column) -> bool:
    headings = [column.name for column in _numbers(table, label)]
    return caption_of(problem, table, label.name, headings) is not None


def _read_number(data: Data, table: Table) -> None:
    (column,) = table.columns
    name = unique(parameter_name(column.name), data.taken())
    values = TableValues(table=table.name, value=column.name)
    parameter = Parameter(name=name, value=values, unit=column.unit)
    data.given[name] = Given(parameter, (), column.name, table.name)


def _read_items(data: Data, table: Table, label: Column, called: str) -> None:
    columns = TableColumns(table=table.name, columns=(label.name,))
    name = axis_name(label.name)
    rows = _axis(data, called if name == _ITEM else name, columns, table)
    for column in _numbers(table, label):
        values = TableValues(table=table.name, keys=(label.name,), value=column.name)
        _give(data, parameter_name(column.name), (rows,), values, column, table)


def _read_matrix(data: Data, problem: Problem, table: Table, label: Column) -> None:
    headings = tuple(column.name for column in _numbers(table, label))
    said = caption_of(problem, table, label.name, headings)
    row_name, column_name = corner_names(label.name, table, problem)
    if said is not None:
        row_name, column_name = (axis_name(said.rows), axis_name(said.columns))
    rows = _axis(data, row_name, TableColumns(table=table.name, columns=(label.name,)), table)
    known = {frozenset(axis.members): axis for axis in data.axes.values()}
    across = known.get(frozenset(headings)) or _numbered_like(headings, data)
    if across is rows:
        across = _again(data, rows)
    elif across is None:
        across = _add(data, column_name, headings, IndexSet(name="set", elements=headings))
    wide = WideValues(table=table.name, key=label.name, columns=headings)
    name = parameter_name(_topic(problem, table) if said is None else said.topic)
    _pair_up(data, rows, across, (rows.set, across.set))
    _give(data, name, (rows, across), wide, None, table, unit=None if said is None else said.unit)


def _read_half(
    data: Data, problem: Problem, table: Table, label: Column, places: tuple[str, ...]
) -> None:
    known = next((one for one in data.axes.values() if set(places) == set(one.members)), None)
    name, across = corner_names(label.name, table, problem)
    said = next((one for one in (name, across) if one not in ("row", "column")), "place")
    rows = known or _add(data, said, places, IndexSet(name="set", elements=places))
    other = _again(data, rows)
    over = (rows.set, rows.set)
    name = unique(parameter_name(_topic(problem, table)), data.taken())
    half = f"half_{name}"
    data.folded.append(told_half(half, table, label, over))
    _pair_up(data, rows, other, over)
    given = Given(whole(name, half, over), (rows.name, other.name), table.name, table.name)
    data.given[name] = given


def _read_pairs(data: Data, table: Table, labels: tuple[Column, ...]) -> None:
    first, second = _ends(data, table, labels)
    columns = tuple(label.name for label in labels)
    if len(table.rows) < len(first.members) * len(second.members):
        name = unique(table.name.capitalize(), data.taken())
        data.sets.append(
            IndexSet(
                name=name,
                dim=2,
                within=(first.set, second.set),
                table=TableColumns(table=table.name, columns=columns),
            )
        )
        _pair_up(data, first, second, (name,))
    else:
        _pair_up(data, first, second, (first.set, second.set))
    for column in table.columns[2:]:
        if column.type == "number":
            values = TableValues(table=table.name, keys=columns, value=column.name)
            _give(data, parameter_name(column.name), (first, second), values, column, table)


def _ends(data: Data, table: Table, labels: tuple[Column, ...]) -> tuple[Axis, Axis]:
    """The axes of two label columns; one set twice if the same places stand in both."""
    here, there = (tuple(dict.fromkeys(map(_member, table.column(one.name)))) for one in labels)
    named = all(one.type == "text" for one in labels)  # numbers alike do not make one set
    if named and 2 * len(set(here) & set(there)) > min(len(here), len(there)):
        members = tuple(dict.fromkeys((*here, *there)))
        name = axis_name(labels[0].name)
        name = "place" if name in ("from", "from_", "origin", "source", "start") else name
        known = next((one for one in data.axes.values() if set(members) <= set(one.members)), None)
        axis = known or _add(data, name, members, IndexSet(name="set", elements=members))
        return axis, _again(data, axis)
    first, second = (
        _axis(
            data,
            axis_name(one.name),
            TableColumns(table=table.name, columns=(one.name,)),
            table,
            named=named,
        )
        for one in labels
    )
    return first, second


def _axis(
    data: Data, name: str, columns: TableColumns, table: Table, *, named: bool = True
) -> Axis:
    """The axis of a label column: a known one if its members are known under that name.

    Members that are `named` tell sets apart whatever the heading; numbers do not.
    """
    members = tuple(dict.fromkeys(map(_member, table.column(columns.columns[0]))))
    for axis in data.axes.values():
        if set(members) <= set(axis.members) and (
            axis.name == name or (named and set(members) == set(axis.members))
        ):
            return axis
    return _add(data, name, members, IndexSet(name="set", table=columns))


def _add(data: Data, name: str, members: tuple[str, ...], found: IndexSet) -> Axis:
    name = unique(name, data.taken())
    label = unique(plural(name.capitalize()), data.taken())
    data.sets.append(found.model_copy(update={"name": label}))
    axis = Axis(name, label, members)
    data.axes[name] = axis
    data.spaces.append(Space((name,), (label,)))
    return axis


def _numbered_like(headings: Sequence[str], data: Data) -> Axis | None:
    """The set of which headings name the members by noun and number: `year 1` for the year 1.

    Their columns are taken in order, so they must stand in the order of the members.
    """
    noun = series(headings)
    axis = data.axes.get(axis_name(noun)) if noun else None
    if axis is None or len(axis.members) != len(headings):
        return None
    numbers = tuple(heading.lower().removeprefix(noun or "").strip() for heading in headings)
    return axis if numbers == axis.members else None


def _again(data: Data, axis: Axis) -> Axis:
    """The same set a second time, as in a table of distances between all places."""
    name = f"to_{axis.name}"
    return data.axes.setdefault(name, Axis(name, axis.set, axis.members))


def _pair_up(data: Data, first: Axis, second: Axis, over: tuple[str, ...]) -> None:
    space = Space((first.name, second.name), over)
    alike = [known for known in data.spaces if set(known.axes) == set(space.axes)]
    if not alike or (space.sparse and space.axes not in [known.axes for known in alike]):
        data.spaces.append(space)


def _over(data: Data, axes: Sequence[Axis]) -> tuple[str, ...]:
    """The sets that numbers run over; a matrix may stand the other way round than one before it."""
    names = tuple(axis.name for axis in axes)
    found = next((space for space in data.spaces if space.axes == names), None)
    return tuple(axis.set for axis in axes) if found is None else found.over


def _give(
    data: Data,
    name: str,
    axes: tuple[Axis, ...],
    values: TableValues | WideValues,
    column: Column | None,
    table: Table,
    unit: str | None = None,
) -> None:
    name = unique(name, data.taken())
    parameter = Parameter(
        name=name,
        over=_over(data, axes),
        value=values,
        unit=unit if column is None else column.unit,
    )
    heading = table.name if column is None else column.name
    names = tuple(axis.name for axis in axes)
    data.given[name] = Given(parameter, names, heading, table.name)


def _member(value: Scalar) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _topic(problem: Problem, table: Table) -> str:
    """What a table of pairs is about: its name in pasted data, else the words before it."""
    pasted = re.search(rf"\b{re.escape(table.name)}\b['\"]?\s*[:=]\s*\[", problem.text)
    return table.name if pasted else _topic_before(problem, table) or table.name


def _topic_before(problem: Problem, table: Table) -> str | None:
    start = None if table.span is None else table.span.start
    return None if start is None else topic(problem.text[max(0, start - 400) : start])
