"""Columns without a name get one by their place, unlike any other."""

from __future__ import annotations

from pathlib import Path

from r2c.problem.grid import filled_header
from r2c.problem.read import read_problem


def test_nameless_columns_are_named_by_place_whatever_the_others_are_called(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(",column1,,COLUMN3\n1,2,3,4\n", encoding="utf-8")
    (table,) = read_problem("Plan the week.", path).tables
    assert [column.name for column in table.columns] == [
        "column1_2",
        "column1",
        "column3_2",
        "COLUMN3",
    ]


def test_thousands_of_nameless_columns_are_named_in_one_pass() -> None:
    header = ["", "column1"] * 10_000
    names = filled_header(header)  # within the time of a test: quadratic work takes minutes
    assert (
        len({name.lower() for name, given in zip(names, header, strict=True) if not given})
        == 10_000
    )
