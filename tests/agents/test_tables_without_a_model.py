"""Tables whose labels name the decisions are read by code; whatever they are called is readable."""

from __future__ import annotations

import pytest

from r2c.agents.plain.tables import read_table, written_out
from r2c.agents.statements import read_statements, write_statements
from r2c.problem.memory_table import MemoryTable
from r2c.problem.read import read_problem
from r2c.problem.schema import Table
from r2c.problem.spoken import telling_words

TELLING = telling_words({"buns": "buns", "cakes": "cakes"})


def table(source: MemoryTable) -> Table:
    return read_problem("Bread", {"bread": source}).tables[0]


@pytest.mark.parametrize(
    ("source", "statements"),
    [
        (
            {"bread": ["buns", "cakes"], "flour": [2.0, 6.0], "most": [9.0, None]},
            ["flour[buns] = 2", "flour[cakes] = 6", "buns <= 9"],
        ),
        (
            {"bread": ["cake", "bun"], "minimum": [1.0, 2.0]},
            ["cakes >= 1", "buns >= 2"],
        ),
        (
            {"need": ["flour", "sugar"], "buns": [2.0, 1.0], "cakes": [6.0, 3.0],
             "available": [60.0, 20.0]},
            [
                *("flour[buns] = 2", "flour[cakes] = 6", "flour <= 60"),
                *("sugar[buns] = 1", "sugar[cakes] = 3", "sugar <= 20"),
            ],
        ),
        ({"name": ["tea", "milk"], "price": [1.0, 2.0]}, []),
        ({"bread": ["buns", "buns"], "price": [1.0, 2.0]}, []),
        ({"bread": ["buns", "cakes"]}, []),
    ],
)  # fmt: skip
def test_a_table_says_this(source: MemoryTable, statements: list[str]) -> None:
    assert [str(item) for item in read_table(table(source), TELLING)] == statements


@pytest.mark.parametrize(
    "heading",
    [
        *("Größe", "sum", "for", "A" * 200, "2nd price", "price (EUR)", "成本", "_", "%"),
        *("profit\nper unit", "lambda", "x; rm -rf /", "__import__('os')", "none", "min."),
    ],
)
def test_a_heading_of_any_kind_gives_statements_that_can_be_read_again(heading: str) -> None:
    found = read_table(table({"bread": ["buns", "cakes"], heading: [1.5, 2.0]}), TELLING)
    assert len(found) == 2
    assert read_statements(write_statements(found)) == found


def test_what_the_model_is_shown_of_a_table_is_exact_short_and_one_line_a_row() -> None:
    rows = 1000
    words = ["a\nb " * 100] * rows
    shown = written_out(table({"words": words, "n": [1234567.25] * rows})).splitlines()
    assert len(shown) == 62
    assert shown[0] == "words | n"
    assert shown[1].endswith("... | 1234567.25")
    assert shown[-1] == "... 940 more rows"
    assert max(map(len, shown)) < 100


@pytest.mark.parametrize(("columns", "rows"), [(2, 100_000), (5_000, 40), (24, 60), (12, 60)])
def test_no_table_of_any_size_is_shown_whole_beyond_some_cells(columns: int, rows: int) -> None:
    wide = table({f"c{at}": [1.0] * rows for at in range(columns)})
    lines = written_out(wide).splitlines()
    told = [line for line in lines if line.startswith("... ")]
    shown = [line.split(" | ") for line in lines if line not in told]
    assert len({len(cells) for cells in shown}) == 1
    across, down = len(shown[0]), len(shown) - 1
    assert across <= 24 and down <= 60 and across * down <= 600 and down >= 25
    left = {"columns": columns - across, "rows": rows - down}
    assert told == [f"... {count} more {what}" for what, count in left.items() if count]
