"""Finds the tables written in a text and types their cells, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from r2c.errors import R2CError
from r2c.problem.aligned_tables import find_aligned_tables
from r2c.problem.cell_numbers import read_number
from r2c.problem.cell_shapes import cell_text, looks_numeric
from r2c.problem.csv_blocks import find_csv_blocks
from r2c.problem.data_literals import find_data_literals
from r2c.problem.faults import TOO_MANY_COLUMNS
from r2c.problem.grid import build_table, filled_header, identifier, unique
from r2c.problem.listed_tables import find_listed_tables
from r2c.problem.markup_tables import find_html_tables, find_latex_tables
from r2c.problem.masking import masked
from r2c.problem.pipe_tables import find_pipe_tables
from r2c.problem.raw_table import RawTable
from r2c.problem.schema import Span, Table
from r2c.problem.told_series import find_told_series
from r2c.problem.told_tables import find_told_tables

_FINDERS: tuple[Callable[[str], list[RawTable]], ...] = (
    find_html_tables,
    find_latex_tables,
    find_pipe_tables,
    find_csv_blocks,
    find_aligned_tables,
)
_CAPTION = re.compile(
    r"(?:table|tab\.)\s*(?P<number>[0-9]+(?:[-.][0-9]+)*|[IVX]+\b)?\s*[:.(–-]?\s*(?P<title>.*)",
    re.I,
)
_LATEX_CAPTION = re.compile(r"\\caption\{([^{}]{1,200})\}")
_MARKS = re.compile(r"^[\s#*>_-]+|[\s:.*_)]+$")
_LEAD_IN = re.compile(
    r"\b(?:is|are|was|were|follows|following|given|shown|listed|below|array|has|have)\b", re.I
)
_CAPTION_WORDS = 10
_NAME_WORDS = 6
_MOST_COLUMNS = 1000


def find_tables(text: str) -> tuple[Table, ...]:
    """All tables of the text, in order, with unique names that are identifiers.

    A table is named after its caption or the heading above it (`Table 2: Plant costs` gives
    `plant_costs`, `Table 5-2` gives `table_5_2`), otherwise `table1`, `table2` ... by position.

    Raises:
        InputError: R2C-P022 if a table has too many columns.
    """
    literals = find_data_literals(text)
    visible = masked(text, [table.span for table in literals if table.span])
    found: list[RawTable] = []
    for find in _FINDERS:
        raws = find(visible)
        visible = masked(visible, [raw.span for raw in raws])
        found += raws
    tables: list[Table] = []
    end = 0
    for raw in sorted(found, key=lambda raw: raw.span.start):
        name = _name(text, raw.span, end) or f"table{len(tables) + 1}"
        table = _typed(text, raw, unique(name, [table.name for table in tables]))
        if table is not None:
            tables.append(table)
            end = raw.span.end
    taken = [table.name for table in tables]
    for literal in literals:
        if len(literal.columns) > _MOST_COLUMNS:
            raise _too_wide(literal.name, len(literal.columns))
        taken.append(unique(literal.name, taken))
        tables.append(literal.model_copy(update={"name": taken[-1]}))
    for find_told in (find_told_tables, find_listed_tables, _told_beside(tables)):
        told = find_told(visible)
        visible = masked(visible, [table.span for table in told if table.span])
        for table in told:
            taken.append(unique(table.name, taken))
            tables.append(table.model_copy(update={"name": taken[-1]}))
    return tuple(sorted(tables, key=lambda table: table.span.start if table.span else 0))


def _told_beside(tables: list[Table]) -> Callable[[str], list[Table]]:
    """Finds series of numbers for the rows or columns of tables that are found until then."""

    def find(text: str) -> list[Table]:
        rows = [[str(row[0]) for row in table.rows] for table in tables if table.columns]
        heads = [[column.name for column in table.columns[1:]] for table in tables]
        return find_told_series(text, [*rows, *heads])

    return find


def _too_wide(name: str, columns: int) -> R2CError:
    return TOO_MANY_COLUMNS(where=f"Table {name!r}", columns=columns, limit=_MOST_COLUMNS)


def _typed(text: str, raw: RawTable, name: str) -> Table | None:
    width = max(len(row) for row in raw.rows)
    if width > _MOST_COLUMNS:
        raise _too_wide(name, width)
    rows = [_padded(row, width) for row in raw.rows]
    contents = [[cell_text(text[cell.start : cell.end]) for cell in row] for row in rows]
    has_header = raw.header if raw.header is not None else _first_row_names(contents)
    if has_header:
        header, contents, rows = contents[0], contents[1:], rows[1:]
    else:
        header = [""] * width
    if not rows:
        return None
    titles: list[str] = []
    for title in filled_header(header):
        titles.append(unique(title, titles))
    table = build_table(name, titles, contents, origin="text")
    return table.model_copy(update={"span": raw.span, "spans": tuple(rows)})


def _padded(row: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    end = row[-1].end if row else 0
    return row + (Span(start=end, end=end),) * (width - len(row))


def _first_row_names(contents: list[list[str]]) -> bool:
    """Whether the first row names the columns, judged by what stands below each of its cells."""
    first, body = contents[0], contents[1:]
    if not first[0]:
        return True
    counted = [i for i in range(len(first)) if all(looks_numeric(row[i]) for row in body)]
    numbers = [read_number(first[i]) for i in counted]
    named = any(first[i] and not looks_numeric(first[i]) for i in counted)
    if named or all(number is None for number in numbers):
        return True
    # `Week 1 2 3` names its columns, `Cake 400 3` is a row like the others.
    steps = {b[0] - a[0] for a, b in pairwise(numbers) if a is not None and b is not None}
    return len(counted) < len(first) and len(counted) > 1 and steps == {1.0}


def _name(text: str, span: Span, previous_end: int) -> str | None:
    if latex := _LATEX_CAPTION.search(text, span.start, span.end):
        caption = _CAPTION.fullmatch(latex.group(1))
        return _short(caption.group("title") if caption else latex.group(1))
    above = text[max(previous_end, span.start - 400) : span.start].rstrip()
    line = above.rsplit("\n", 1)[-1].strip()
    gap = text[previous_end + len(above) : span.start].count("\n") if previous_end else 0
    if not line or gap > 4:
        return None
    caption = _CAPTION.fullmatch(re.sub(r"^[\s#*>_]+", "", line))
    if caption and not re.match(r"[a-z]", line):
        title = _MARKS.sub("", caption.group("title"))
        if title and len(title.split()) <= 2 * _CAPTION_WORDS:
            return _short(title)
        if caption.group("number"):
            return identifier(f"table_{caption.group('number')}")
        return None
    if line[:1].islower() or _LEAD_IN.search(line):
        return None
    marked = line.startswith(("#", "**")) or line.endswith((":", "**"))
    short = len(line.split()) <= _CAPTION_WORDS and not line.endswith((".", "?", "!", ","))
    return _short(line) if short and (marked or line[:1].isupper()) else None


def _short(title: str) -> str | None:
    words = re.findall(r"\w+", re.sub(r"[(\[][^()\[\]]*[)\]]", " ", title))
    return identifier("_".join(words[:_NAME_WORDS]).lower()) if words else None
