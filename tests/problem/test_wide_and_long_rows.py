"""Rows of too many columns and cells that are too long are told as that, at little cost."""

from __future__ import annotations

import tracemalloc

import pytest

import r2c.problem.csv_file as csv_file
from r2c.errors import InputError
from r2c.problem.files import Attached
from r2c.problem.grid import COLUMN_LIMIT
from r2c.problem.read import read_tables
from r2c.problem.schema import Table


def table(text: str) -> Table:
    (found,) = read_tables([Attached("a.csv", text.encode())])
    return found


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        table(text)
    return caught.value


@pytest.mark.parametrize("header", ["name", "name,cost", '"name"', "name;cost"])
def test_millions_of_commas_are_told_as_columns_before_a_row_is_made_of_them(header: str) -> None:
    commas = 5_000_000
    text = f"{header}\n" + "," * commas
    tracemalloc.start()
    try:
        error = refusal(text)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if ";" in header:  # this file is not cut by commas, so that they are the text of a cell
        assert error.code == "R2C-P025"
    else:
        assert error.code == "R2C-P022"
        assert f"Line 2 of the file 'a.csv' has {commas + 1} columns" in str(error)
    assert most < 8 * commas  # a row has 8 bytes for each of its cells


def test_a_row_of_too_many_columns_is_refused_however_short_it_is() -> None:
    error = refusal("name,cost\n" + "," * COLUMN_LIMIT + "x\n")
    assert error.code == "R2C-P022"
    assert "Line 2" in str(error)


def test_commas_in_cells_are_no_columns() -> None:
    listed = "1,2," * 20_000
    assert table(f'name,cost\n"{listed}",3\n').rows == ((listed, 3),)
    assert table(f"name;cost\n{listed};3\n").rows == ((listed, 3),)
    rows = ";".join(["a,b,c" * 10] * 9_000)
    assert table(";".join(f"c{n}" for n in range(9_000)) + f"\n{rows}\n").rows[0][0] == "a,b,c" * 10


@pytest.mark.parametrize("header", ["name", "name,cost", "name;cost"])
@pytest.mark.parametrize("cell", ["x" * 3_000_000, '"' + "x, " * 1_000_000 + '"'])
def test_a_cell_that_is_too_long_is_told_as_such(header: str, cell: str) -> None:
    cells = [cell, *["3"] * (len(header.replace(";", ",").split(",")) - 1)]
    error = refusal(f"{header}\n\n{(';' if ';' in header else ',').join(cells)}\n")
    assert error.code == "R2C-P025"
    assert "line 3 of 'a.csv'" in str(error)
    assert f"over {131072} characters" in str(error)


def test_a_quote_that_makes_one_long_cell_of_the_rest_is_told_by_its_line() -> None:
    error = refusal('name,cost\na,1\nb,"2\n' + "c,3\n" * 50_000)
    assert error.code == "R2C-P025"
    assert "line 3 " in str(error)
    assert "double quote" in error.fault.remedy


def test_a_line_separator_within_a_cell_ends_no_row() -> None:
    assert table("name,cost\na\u2028b,1\nc\x85d,2\n").rows == (("a\u2028b", 1), ("c\x85d", 2))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do_on_any_system(end: str) -> None:
    text = end.join(["name,cost", "a,1", "", '"b', 'c",2', ""])
    found = table(text)
    assert found.rows == (("a", 1), (f"b{end}c", 2))
    assert found.lines == (2, 5)


def test_blank_columns_at_the_end_are_left_out_all_at_once() -> None:
    tail = "," * 5_000
    found = table(f"name,cost{tail}\n" + f"a,1{tail}\nb,{tail}\n" * 20)
    assert [column.name for column in found.columns] == ["name", "cost"]
    assert len(found.rows) == 40
    kept = table("name,,cost,\na,,1,\n")
    assert [column.name for column in kept.columns] == ["name", "column2", "cost"]


@pytest.mark.parametrize("block", [1, 3, 8, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_the_same_whatever_is_read_at_a_time(
    monkeypatch: pytest.MonkeyPatch, block: int, end: str
) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", block)
    text = end.join(["name,cost", "a,1", "", '"b', 'c",2', "a long name,3"])
    found = table(text)
    assert found.rows == (("a", 1), (f"b{end}c", 2), ("a long name", 3))
    assert found.lines == (2, 5, 6)
