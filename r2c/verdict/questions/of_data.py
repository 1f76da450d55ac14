"""Questions about faults of the data, each with what its answers change.

A missing number is asked for key by key; rows that contradict each other are asked about once,
whatever is read from them; a label that is nearly another one is taken for it until answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from r2c.cir.asked import Asked, Option
from r2c.cir.bind_parameters import MISSING_VALUE, NOT_FINITE
from r2c.cir.bind_sets import EMPTY_LABEL, NOT_WITHIN
from r2c.cir.bind_tables import DUPLICATE_KEY, MISSPELT, NOT_A_NUMBER
from r2c.cir.edits import CellEdit, ColumnEdit, DropRowsEdit, Edit
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR
from r2c.cir.table_access import NO_COLUMN, NO_TABLE, row_at, row_numbers, rows_told
from r2c.errors import Fault, listed
from r2c.problem.schema import Problem, Table
from r2c.verdict.questions.missing_values import missing_values
from r2c.verdict.questions.named import alike, key_told, question_id, spoken
from r2c.verdict.questions.repeated_rows import repeated_rows

NOTHING = "Nothing can be planned before this is known."
_MOST_LABELS = 12


@dataclass(frozen=True)
class Data:
    """A CIR with its tables, as far as it could be bound."""

    cir: CIR
    problem: Problem
    instance: Instance
    answered: frozenset[str] = frozenset()
    """Ids of questions that have an answer; what is still at fault is asked in another way."""

    def table(self, name: str) -> Table | None:
        """The table of that name, if there is one."""
        return next((item for item in self.problem.tables if item.name == name), None)


def data_questions(faults: Sequence[Fault], data: Data) -> tuple[Asked, ...]:
    """The questions about faults for which `is_question` holds, each once."""
    found: dict[str, Asked] = {}
    for fault in faults:
        if fault.code == DUPLICATE_KEY.code:
            continue
        for item in _ASKING[fault.code](fault, data):
            found.setdefault(item.id, item)
    doubled = [fault for fault in faults if fault.code == DUPLICATE_KEY.code]
    for item in repeated_rows(doubled, {table.name: table for table in data.problem.tables}):
        found.setdefault(item.id, item)
    return tuple(found.values())


def _of_missing(fault: Fault, data: Data) -> Iterator[Asked]:
    yield from missing_values(fault, data.cir, data.problem, data.instance, data.answered)


def _of_table(fault: Fault, data: Data) -> Iterator[Asked]:
    table, symbols = str(fault.details["table"]), fault.details["symbols"]
    read = symbols if isinstance(symbols, list) else [fault.details["symbol"]]
    yield Asked(
        id=question_id("table", table),
        text=f"Which file holds the table {table!r}, from which {listed(read)} is read?",
        kind="data",
        consequence=f"{NOTHING} Give the file as data.",
        about=str(fault.details["symbol"]),
    )


def _of_column(fault: Fault, data: Data) -> Iterator[Asked]:
    table, wanted = str(fault.details["table"]), str(fault.details["column"])
    held = data.table(table)
    known = [] if held is None else [column.name for column in held.columns]
    near = alike(wanted, known)
    yield Asked(
        id=question_id("column", table, wanted),
        text=f"Which column of the table {table!r} holds what {str(fault.details['symbol'])!r} "
        f"reads as {wanted!r}? It has {listed(known)}.",
        kind="choice",
        options=tuple(
            Option(
                value=name,
                meaning=f"the column {name!r}",
                edits=(ColumnEdit(table=table, column=name, name=wanted),),
            )
            for name in known[: 4 * _MOST_LABELS]
        ),
        default=near[0] if len(near) == 1 else None,
        reason=f"{near[0]!r} and {wanted!r} are nearly alike" if len(near) == 1 else "",
        consequence="" if len(near) == 1 else NOTHING,
        about=str(fault.details["symbol"]),
    )


def _of_odd_cell(fault: Fault, data: Data) -> Iterator[Asked]:
    table, column = str(fault.details["table"]), str(fault.details["column"])
    rows, values = fault.details["row"], fault.details["value"]
    lines = rows if isinstance(rows, list) else [rows]
    said = values if isinstance(values, list) and isinstance(rows, list) else [values]
    held = data.table(table)
    for line, value in zip(lines, said, strict=True):
        row = None if held is None else row_at(held, line)
        if held is None or row is None:
            continue
        yield Asked(
            id=question_id(column, rows_told(held, [row]), table),
            text=f"Which number should stand in {rows_told(held, [row])}, column {column!r} of "
            f"the table {table!r}, instead of {value!r}?",
            kind="number",
            edits=(CellEdit(table=table, line=row_numbers(held, [row])[0], column=column),),
            consequence=NOTHING,
            about=str(fault.details["name"]),
        )


def _of_infinite(fault: Fault, data: Data) -> Iterator[Asked]:
    missing = MISSING_VALUE.fault(
        **{"where": "", "found": "", "count": 1, "size": 1, "examples": []},
        name=fault.details["name"],
        keys=[fault.details["key"]],
    )
    yield from missing_values(missing, data.cir, data.problem, data.instance, data.answered)


def _of_empty_label(fault: Fault, data: Data) -> Iterator[Asked]:
    table, column = str(fault.details["table"]), str(fault.details["column"])
    held = data.table(table)
    row = None if held is None else row_at(held, fault.details["row"])
    if held is None or row is None:
        return
    labels = list(dict.fromkeys(str(cell) for cell in held.column(column) if cell))
    shown = [
        f"{other.name} {cell}"
        for other, cell in zip(held.columns, held.rows[row], strict=True)
        if cell is not None and other.name != column
    ]
    place, line = rows_told(held, [row]), row_numbers(held, [row])[0]
    yield Asked(
        id=question_id("label", table, place),
        text=f"Which {spoken(str(fault.details['name']))} does {place} of the table {table!r} "
        f"mean? Its column {column!r} is empty; it has {', '.join(shown) or 'nothing else'}.",
        kind="choice",
        options=(
            *(
                Option(
                    value=label,
                    meaning=f"the {place} is about {label}",
                    edits=(CellEdit(table=table, line=line, column=column, value=label),),
                )
                for label in labels[:_MOST_LABELS]
            ),
            _left_out(table, (line,), place),
        ),
        consequence=NOTHING,
        about=str(fault.details["name"]),
    )


def _of_stranger(fault: Fault, data: Data) -> Iterator[Asked]:
    """A part of a tuple set that is no member of its own set."""
    name, component = str(fault.details["name"]), str(fault.details["component"])
    member = fault.details["member"]
    parts = [str(part) for part in member] if isinstance(member, list) else [str(member)]
    item = next((one for one in data.cir.sets if one.name == name), None)
    known = data.instance.sets.get(component)
    source = None if item is None else item.table
    held = None if source is None else data.table(source.table)
    labels = [] if known is None else list(known.element_by_label)
    strange = next((part for part in parts if part not in labels), parts[0])
    near = alike(strange, labels)
    options: list[Option] = []
    if source is not None and held is not None:
        column = source.columns[parts.index(strange)]
        rows = [row for row, cell in enumerate(held.column(column)) if str(cell) == strange]
        lines = tuple(row_numbers(held, rows))
        options = [
            Option(
                value=label,
                meaning=f"{strange!r} is a misspelling of {label!r}",
                edits=tuple(
                    CellEdit(table=held.name, line=line, column=column, value=label)
                    for line in lines
                ),
            )
            for label in (near or labels)[:_MOST_LABELS]
        ]
        options.append(_left_out(held.name, lines, f"{strange!r}"))
    sure = len(near) == 1 and len(options) > 1
    yield Asked(
        id=question_id("label", strange, name),
        text=f"Is {strange!r} of {spoken(name)} one of the {component} that is missing, or a "
        f"misspelling{f' of {near[0]!r}' if near else ''}?",
        kind="choice" if options else "data",
        options=tuple(options),
        default=near[0] if sure else None,
        reason=f"{near[0]!r} and {strange!r} are nearly alike" if sure else "",
        consequence="" if sure else NOTHING,
        about=name,
    )


def _of_misspelling(fault: Fault, data: Data) -> Iterator[Asked]:
    """A row that was left out beside a member without a value of its own."""
    table, name = str(fault.details["table"]), str(fault.details["name"])
    found, key = fault.details["found"], fault.details["key"]
    held = data.table(table)
    item = next((one for one in data.cir.parameters if one.name == name), None)
    columns = getattr(None if item is None else item.value, "keys", ())
    if held is None or not isinstance(found, list) or not isinstance(key, list) or not columns:
        return
    places = [[column.name for column in held.columns].index(column) for column in columns]
    rows = [
        row
        for row, cells in enumerate(held.rows)
        if [str(cells[place]).strip() for place in places] == [str(part) for part in found]
    ]
    lines = tuple(row_numbers(held, rows))
    corrected: list[Edit] = [
        CellEdit(table=table, line=line, column=column, value=str(part))
        for line in lines
        for column, part in zip(columns, key, strict=True)
    ]
    yield Asked(
        id=question_id("label", *found, name),
        text=f"Does {key_told(found)!r} in the table {table!r} mean {key_told(key)!r}?",
        kind="choice",
        options=(
            Option(value="yes", meaning=f"{key_told(key)!r} is meant", edits=tuple(corrected)),
            Option(
                value="no",
                meaning=f"the row is left out, and {spoken(name)} of {key_told(key)} is "
                f"{fault.details['default']}",
                edits=(DropRowsEdit(table=table, lines=lines),),
            ),
        ),
        default="yes",
        reason="the labels differ in case or blanks alone",
        about=name,
    )


def _left_out(table: str, lines: tuple[int, ...], what: str) -> Option:
    return Option(
        value="leave_out",
        meaning=f"{what} is left out of the table",
        edits=(DropRowsEdit(table=table, lines=lines),),
    )


_ASKING: Mapping[str, Callable[[Fault, Data], Iterator[Asked]]] = {
    NO_TABLE.code: _of_table,
    NO_COLUMN.code: _of_column,
    MISSING_VALUE.code: _of_missing,
    NOT_FINITE.code: _of_infinite,
    EMPTY_LABEL.code: _of_empty_label,
    NOT_WITHIN.code: _of_stranger,
    NOT_A_NUMBER.code: _of_odd_cell,
    MISSPELT.code: _of_misspelling,
}
