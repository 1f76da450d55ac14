"""Numbers that a parameter needs and its data do not give, asked for one by one.

Where the table has a row with nearly the label that is missing, it is that label that is asked
about; the run goes on as if it were a misspelling.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import CellEdit, EntryEdit, RowEdit
from r2c.cir.instance import Instance
from r2c.cir.members import label, resolve
from r2c.cir.schema import CIR, Element, Parameter, SparseValues, TableValues, WideValues
from r2c.cir.table_access import row_numbers, rows_told
from r2c.errors import Fault
from r2c.problem.schema import Problem, Table
from r2c.verdict.questions.named import ALIKE, key_told, likeness, question_id, spoken

_NOTHING = "Nothing can be planned before this is known."
MOST = 20
"""Numbers asked for one by one; who lacks more needs another table."""


def missing_values(
    fault: Fault, cir: CIR, problem: Problem, instance: Instance, answered: Collection[str] = ()
) -> Iterator[Asked]:
    """The questions about a parameter that lacks values (R2C-C215)."""
    name = str(fault.details["name"])
    keys = fault.details.get("keys")
    item = next(one for one in cir.parameters if one.name == name)
    wanted = [tuple(key) for key in keys if isinstance(key, list)] if isinstance(keys, list) else []
    table = _table_of(item, problem)
    for key in wanted[:MOST]:
        if table is not None:
            yield _of_table(item, key, table, instance, answered)  # type: ignore[arg-type]
        else:
            yield _of_model(item, key)  # type: ignore[arg-type]


def _table_of(item: Parameter, problem: Problem) -> Table | None:
    if not isinstance(item.value, TableValues | WideValues):
        return None
    wanted = item.value.table
    return next((table for table in problem.tables if table.name == wanted), None)


def _of_model(item: Parameter, key: tuple[Element, ...]) -> Asked:
    takes = isinstance(item.value, SparseValues) or not item.over
    return Asked(
        id=question_id(item.name, *key),
        text=_text(item, key, ""),
        kind="number" if takes else "data",
        unit=item.unit,
        edits=(EntryEdit(parameter=item.name, key=key),) if takes else (),
        consequence=_NOTHING,
        about=item.name,
    )


def _of_table(
    item: Parameter,
    key: tuple[Element, ...],
    table: Table,
    instance: Instance,
    answered: Collection[str],
) -> Asked:
    columns, value = _columns(item, key, table)
    labels = tuple(map(label, key))[: len(columns)]
    names = [column.name for column in table.columns]
    places = [names.index(column) for column in columns]
    own = [
        row
        for row, cells in enumerate(table.rows)
        if tuple(label(cells[place] or "") for place in places) == labels
    ]
    found = None if own else _misspelt(item, key, table, places, instance)
    if found is not None and found.id not in answered:
        return found
    unit = item.unit or next((one.unit for one in table.columns if one.name == value), None)
    where = f" The table {table.name!r} has "
    where += f"an empty cell there ({rows_told(table, own[:1])})." if own else "no row for it."
    return Asked(
        id=question_id(item.name, *key),
        text=_text(item, key, where),
        kind="number",
        unit=unit,
        lower=_lower(table, value),
        edits=(
            CellEdit(table=table.name, line=row_numbers(table, own)[0], column=value)
            if own
            else RowEdit(
                table=table.name, cells=dict(zip(columns, labels, strict=True)), column=value
            ),
        ),
        consequence=_NOTHING,
        about=item.name,
    )


def _text(item: Parameter, key: tuple[Element, ...], where: str) -> str:
    of = f" of {key_told(key)}" if key else ""
    unit = f" (in {item.unit})" if item.unit else ""
    named = item.meaning.strip().rstrip(".") if item.meaning else spoken(item.name)
    return f"What is the {named}{of}{unit}?{where or ' No number is given for it.'}"


def _columns(
    item: Parameter, key: tuple[Element, ...], table: Table
) -> tuple[tuple[str, ...], str]:
    """The key columns and the column that holds the value."""
    match item.value:
        case TableValues(keys=keys, value=value):
            return keys, value
        case WideValues(key=rows, columns=None):
            wanted = label(key[-1])
            found = (one.name for one in table.columns if label(one.name) == wanted)
            return (rows,), next(found, wanted)
        case WideValues(key=rows, columns=columns):
            return (rows,), (columns or (label(key[-1]),))[0]
        case _:
            raise AssertionError("only parameters read from tables come here")


def _misspelt(
    item: Parameter,
    key: tuple[Element, ...],
    table: Table,
    places: Sequence[int],
    instance: Instance,
) -> Asked | None:
    """The question whether a row that fits nobody is the one that is missing."""
    if not isinstance(item.value, TableValues) or any(n not in instance.sets for n in item.over):
        return None
    over = tuple(instance.sets[name] for name in item.over)
    wanted = tuple(map(label, key))
    near: dict[tuple[str, ...], list[int]] = {}
    for row, cells in enumerate(table.rows):
        told = tuple(label(cells[place] or "") for place in places)
        if resolve(over, told) is None and _is_near(told, wanted):
            near.setdefault(told, []).append(row)
    if len(near) != 1:
        return None
    told, rows = next(iter(near.items()))
    corrected = tuple(
        CellEdit(table=table.name, line=line, column=column, value=part)
        for line in row_numbers(table, rows)
        for column, part in zip(item.value.keys, wanted, strict=True)
    )
    return Asked(
        id=question_id("label", *told, table.name),
        text=f"Does {key_told(told)!r} in {rows_told(table, rows)} of the table {table.name!r} "
        f"mean {key_told(wanted)!r}, for which it has no row?",
        kind="choice",
        options=(
            Option(value="yes", meaning=f"{key_told(wanted)!r} is meant", edits=corrected),
            Option(
                value="no",
                meaning="it is something else; then the number is asked for",
                edits=(),
            ),
        ),
        default="yes",
        reason="the labels are nearly alike and no other row is left over",
        about=item.name,
    )


def _is_near(told: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(told) == len(wanted) and all(
        likeness(one, other) >= ALIKE for one, other in zip(told, wanted, strict=True)
    )


def _lower(table: Table, column: str) -> float | None:
    """0 where no other number of the column is below it."""
    found = [cell for cell in table.column(column) if isinstance(cell, int | float)]
    return 0.0 if found and min(found) >= 0 else None
