"""Numbers that are not finite are told by their cells, however many there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from r2c.problem.read import read_tables
from r2c.problem.schema import Column


def column(path: Path) -> Column:
    (table,) = read_tables(path)
    return table.columns[1]


@pytest.mark.parametrize("cell", ["inf", "-inf", "Infinity", "∞", "1e400", "-1E400", "9" * 400])
@pytest.mark.parametrize("others", [("1", "2"), ("1", "inf"), ("inf", "-inf")])
def test_a_cell_that_is_not_finite_is_told_as_such_however_many_there_are(
    tmp_path: Path, cell: str, others: tuple[str, str]
) -> None:
    (tmp_path / "a.csv").write_text(f"n,v\na,{others[0]}\nb,{cell}\nc,{others[1]}\n")
    found = column(tmp_path / "a.csv")
    assert found.type == "text"
    assert (1, "infinite") in [(odd.row, odd.reason) for odd in found.odd]


def test_not_a_number_is_no_value_as_in_json_texts_and_memory(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n,v\na,1\nb,NaN\nc,2\n")
    assert read_tables(tmp_path / "a.csv")[0].rows == (("a", 1), ("b", None), ("c", 2))


def test_an_infinite_text_of_json_is_told_as_such(tmp_path: Path) -> None:
    rows = [{"n": "a", "v": 1}, {"n": "b", "v": "inf"}]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    assert [odd.reason for odd in column(tmp_path / "a.json").odd] == ["infinite"]


def test_a_word_for_infinity_among_words_is_a_word(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n,v\na,min\nb,inf\nc,max\n")
    assert column(tmp_path / "a.csv").odd == ()
