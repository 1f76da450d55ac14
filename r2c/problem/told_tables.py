"""All tables that a text tells in sentences: pairs of places, and what these places have and need.

What places have and need is a table only beside a table of the ways between them; "Team X needs at
least 20 people" alone is a rule, and stays a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from r2c.problem.masking import masked
from r2c.problem.schema import Span, Table
from r2c.problem.told_items import find_told_items
from r2c.problem.told_pairs import find_told_pairs


def find_told_tables(text: str) -> list[Table]:
    """The tables, in order of the text; their names are `told1`, `items1` ..."""
    items = find_told_items(text)
    pairs = find_told_pairs(_without(text, items))
    kept = [item for item in items if any(_joins(pair, item) for pair in pairs)]
    if len(kept) < len(items):
        pairs = find_told_pairs(_without(text, kept))
    return [*(_completed(item, pairs) for item in kept), *pairs]


def _completed(items: Table, pairs: Sequence[Table]) -> Table:
    """The items with a row of zeros for each place that the ways join and no sentence speaks of."""
    assert items.span is not None and items.spans is not None
    joined = next(pair for pair in pairs if _joins(pair, items))
    told = {row[0] for row in items.rows}
    ends = dict.fromkeys(place for row in joined.rows for place in row[:2])
    silent = [place for place in ends if place not in told]
    nowhere = Span(start=items.span.end, end=items.span.end)
    zeros = (0.0,) * (len(items.columns) - 1)
    return items.model_copy(
        update={
            "rows": (*items.rows, *((place, *zeros) for place in silent)),
            "spans": (*items.spans, *((nowhere,) * len(items.columns) for _ in silent)),
        }
    )


def _without(text: str, tables: Sequence[Table]) -> str:
    return masked(text, [table.span for table in tables if table.span is not None])


def _joins(pairs: Table, items: Table) -> bool:
    """Whether the pairs are of the places that the items speak of."""
    first, second = (set(pairs.column(column.name)) for column in pairs.columns[:2])
    return set(items.column(items.columns[0].name)) <= first & second
