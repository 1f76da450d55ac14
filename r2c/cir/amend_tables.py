"""A problem whose tables and words are as the planner's answers say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from r2c.cir.edits import CellEdit, ColumnEdit, DropRowsEdit, Edit, RowEdit, WordsEdit
from r2c.cir.table_access import row_at, row_numbers
from r2c.problem.schema import Problem, Scalar, Sentence, Span, Table
from r2c.problem.typing_cells import type_column

_ENDS = ".!?;: \n"


def amended(problem: Problem, edits: Sequence[tuple[str, Edit]]) -> Problem:
    """The problem with the cells, rows, columns and words that the edits give.

    Edits of a model are left out, and so are those of tables, rows and columns that are not there.

    Args:
        problem: the problem as it was read.
        edits: each with the id of its question.
    """
    by_table: defaultdict[str, list[Edit]] = defaultdict(list)
    words: dict[int, str] = {}
    for _, edit in edits:
        if isinstance(edit, WordsEdit) and edit.number is not None:
            words[edit.sentence] = edit.words.replace("{answer}", edit.number)
        elif isinstance(edit, CellEdit | RowEdit | DropRowsEdit | ColumnEdit):
            by_table[edit.table].append(edit)
    tables = tuple(_table(table, by_table.get(table.name, ())) for table in problem.tables)
    changed = problem.model_copy(update={"tables": tables})
    return _worded(changed, words) if words else changed


def _table(table: Table, edits: Sequence[Edit]) -> Table:
    for edit in edits:
        names = [column.name for column in table.columns]
        match edit:
            case CellEdit(line=line, column=column, value=value):
                row = row_at(table, line)
                if row is not None and column in names:
                    table = _with_cell(table, row, names.index(column), value)
            case DropRowsEdit(lines=lines):
                table = _without(table, lines)
            case RowEdit(cells=cells, column=column, value=value):
                told: dict[str, Scalar] = {**cells, column: value}
                table = _with_row(table, tuple(told.get(name) for name in names))
            case ColumnEdit(column=column, name=name) if column in names and name not in names:
                columns = tuple(
                    item.model_copy(update={"name": name}) if item.name == column else item
                    for item in table.columns
                )
                table = table.model_copy(update={"columns": columns})
    return table


def _with_cell(table: Table, row: int, place: int, value: Scalar) -> Table:
    cells = list(table.rows[row])
    cells[place] = value
    rows = (*table.rows[:row], tuple(cells), *table.rows[row + 1 :])
    return _typed(table.model_copy(update={"rows": rows}), (place,))


def _without(table: Table, lines: Sequence[int]) -> Table:
    """The table without some rows; the others keep their numbers."""
    numbers = row_numbers(table, range(len(table.rows)))
    kept = [row for row, line in enumerate(numbers) if line not in lines]
    spans = table.spans
    return table.model_copy(
        update={
            "rows": tuple(table.rows[row] for row in kept),
            "lines": tuple(numbers[row] for row in kept),
            "spans": None if spans is None else tuple(spans[row] for row in kept),
        }
    )


def _with_row(table: Table, cells: tuple[Scalar, ...]) -> Table:
    numbers = row_numbers(table, range(len(table.rows)))
    end = 0 if table.span is None else table.span.end
    nowhere = tuple(Span(start=end, end=end) for _ in table.columns)
    made = table.model_copy(
        update={
            "rows": (*table.rows, cells),
            "lines": (*numbers, max(numbers, default=1) + 1),
            "spans": None if table.spans is None else (*table.spans, nowhere),
        }
    )
    return _typed(made, [place for place, cell in enumerate(cells) if cell is not None])


def _typed(table: Table, touched: Sequence[int]) -> Table:
    """Columns of texts read again: without its odd cell a column may be one of numbers."""
    columns = list(table.columns)
    rows = [list(row) for row in table.rows]
    for place, column in enumerate(columns):
        if place not in touched or column.type == "number":
            continue
        found = type_column([row[place] for row in rows], written=table.origin != "memory")
        columns[place] = column.model_copy(
            update={"type": found.type, "unit": found.unit or column.unit, "odd": found.odd}
        )
        for row, value in zip(rows, found.values, strict=True):
            row[place] = value
    return table.model_copy(
        update={"columns": tuple(columns), "rows": tuple(tuple(row) for row in rows)}
    )


def _worded(problem: Problem, words: dict[int, str]) -> Problem:
    """The text with words added to sentences, read anew; its files stay as they are."""
    from r2c.problem.read import read_problem

    text = problem.text
    for sentence in sorted(problem.sentences, key=lambda item: item.number, reverse=True):
        if sentence.number in words:
            at = _end_of(problem, sentence)
            text = f"{text[:at]}{words[sentence.number]}{text[at:]}"
    read = read_problem(text)
    own = {table.name for table in read.tables}
    given = tuple(table for table in problem.tables if table.origin != "text")
    written = {table.name: table for table in problem.tables if table.origin == "text"}
    tables = tuple(
        _moved(table, written[table.name]) if table.name in written else table
        for table in read.tables
    )
    return read.model_copy(
        update={"tables": (*tables, *(table for table in given if table.name not in own))}
    )


def _moved(read: Table, amended_table: Table) -> Table:
    """A table of the text where it stands now, with the cells that were amended before."""
    if len(read.rows) != len(amended_table.rows):
        return amended_table.model_copy(update={"span": read.span, "spans": None})
    return amended_table.model_copy(update={"span": read.span, "spans": read.spans})


def _end_of(problem: Problem, sentence: Sentence) -> int:
    end = sentence.span.end
    while end > sentence.span.start and problem.text[end - 1] in _ENDS:
        end -= 1
    return end


def words_added(problem: Problem, edits: Sequence[tuple[str, Edit]]) -> dict[str, Span]:
    """Where the words of answers stand in an amended problem, by the id of the question."""
    found: dict[str, Span] = {}
    for id, edit in edits:
        if isinstance(edit, WordsEdit) and edit.number is not None:
            said = edit.words.replace("{answer}", edit.number)
            held = next((item for item in problem.sentences if item.number == edit.sentence), None)
            if held is None:
                continue
            at = problem.text.rfind(said, held.span.start, held.span.end)
            if at >= 0:
                found[id] = Span(start=at, end=at + len(said))
    return found
