"""Holds the tables made of lists to the numbers that the reader finds in their lines.

A list pattern looks for bare digits; `18,000`, `2.5k` or `60%` must not become 18, 2 or nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from math import isclose

from r2c.problem.quantities import find_quantities
from r2c.problem.raw_table import split_lines
from r2c.problem.schema import Scalar, Span, Table


def with_units(
    text: str,
    table: Table,
    repeated: Mapping[Span, tuple[int, Scalar]] | None = None,
    *,
    one_unit: bool = False,
) -> Table | None:
    """The table with the units of its columns, where all entries of a column have the same.

    None if a number of its lines stands in no cell, or means something else than its cell says.

    Args:
        text: the text that the table is written in.
        table: the table, with spans.
        repeated: where the text says a cell once more, with the place of its column and its value.
        one_unit: whether a column in several units is none, rather than one without a unit.
    """
    assert table.span is not None and table.spans is not None
    cells = {
        span: (column, value)
        for row, spans in zip(table.rows, table.spans, strict=True)
        for column, (value, span) in enumerate(zip(row, spans, strict=True))
    }
    cells.update(repeated or {})
    spans = sorted(cells, key=lambda span: span.start)
    starts = [span.start for span in spans]
    units: dict[int, set[str | None]] = {}
    for line in split_lines(text[table.span.start : table.span.end]):
        offset = table.span.start + line.start
        for quantity in find_quantities(line.text, ()):
            if quantity.kind in ("label", "ordinal"):
                continue
            said = Span(start=offset + quantity.span.start, end=offset + quantity.span.end)
            place = bisect_left(starts, said.end) - 1  # the last cell that begins before its end
            found = place >= 0 and spans[place].overlaps(said)
            column, value = cells[spans[place]] if found else (0, None)
            if isinstance(value, str):
                continue  # the 3 of a member called `Shop 3`
            percent = quantity.kind == "percent"  # as in other cells, 60% is 60 of the unit %
            if value is None or not isclose(value, quantity.value * (100 if percent else 1)):
                return None
            units.setdefault(column, set()).add("%" if percent else quantity.unit)
    spelled = ({unit.rstrip("s") for unit in of if unit} for of in units.values())
    if one_unit and any(len(of) > 1 for of in spelled):
        return None
    columns = tuple(
        column.model_copy(update={"unit": next(iter(units[place]))})
        if len(units.get(place, ())) == 1
        else column
        for place, column in enumerate(table.columns)
    )
    return table.model_copy(update={"columns": columns})
