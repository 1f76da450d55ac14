"""A formula in place of a number in a CSV file is refused; among words it is a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c.problem import read_problem


@pytest.mark.parametrize("formula", ["=1+2", "=B2*3", "=-(4)", "=SUM(B2:B9)", "=cmd|calc"])
def test_a_formula_in_a_csv_file_is_refused_by_its_cell(tmp_path: Path, formula: str) -> None:
    (tmp_path / "costs.csv").write_text(f"item,cost\nbolt,3\nnut,{formula}\n")
    with pytest.raises(InputError) as caught:
        read_problem("Buy bolts.", data=[tmp_path / "costs.csv"])
    assert caught.value.code == "R2C-P044"
    assert f"line 3, column 'cost': {formula!r}" in str(caught.value)


def test_a_formula_among_words_is_a_word(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("item,note\nbolt,old\nnut,=cmd|calc\n")
    (table,) = read_problem("Buy bolts.", data=[tmp_path / "notes.csv"]).tables
    assert [row[1] for row in table.rows] == ["old", "=cmd|calc"]


def test_an_equals_sign_that_begins_no_formula_is_text(tmp_path: Path) -> None:
    (tmp_path / "signs.csv").write_text("sign,n\n=,1\n=>,2\n== equal ==,3\n")
    (table,) = read_problem("Buy bolts.", data=[tmp_path / "signs.csv"]).tables
    assert [row[0] for row in table.rows] == ["=", "=>", "== equal =="]
