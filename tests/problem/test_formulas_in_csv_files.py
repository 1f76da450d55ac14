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


def test_an_equals_sign_before_a_name_is_a_label(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("firm,n\n=ACME,1\n=R&D,2\n")
    (table,) = read_problem("Buy bolts.", data=[tmp_path / "firms.csv"]).tables
    assert [row[0] for row in table.rows] == ["=ACME", "=R&D"]


def refusal(tmp_path: Path, *cells: str) -> InputError | None:
    rows = "".join(f"r{number}\t{cell}\n" for number, cell in enumerate(cells, start=1))
    (tmp_path / "costs.tsv").write_text(f"item\tcost\n{rows}")
    try:
        read_problem("Buy bolts.", data=[tmp_path / "costs.tsv"])
    except InputError as error:
        return error
    return None


@pytest.mark.parametrize("others", [("3", "4.5"), ("old", "new"), ("", "n/a"), ("#REF!", "much")])
@pytest.mark.parametrize(
    "formula",
    [
        "+B2*3",
        "-B2+3",
        "@SUM(B1:B2)",
        "=Sheet2!B3",
        "='Sheet 2'!B3",
        "=$Sheet2.B3",
        "=[Plan.xlsx]Costs!$B$3",
        "=Prices*2",
        "=Table1[Price]*2",
        " =B2*3",
        "=1+2",
        "=B2%",
        "=NOW()",
        "=IF(B2>3;1;2)",
        "-SUM(B2:B9)",
    ],
)
def test_what_can_be_nothing_but_a_formula_is_refused_in_any_column(
    tmp_path: Path, formula: str, others: tuple[str, str]
) -> None:
    error = refusal(tmp_path, others[0], formula, others[1])
    assert error is not None
    assert error.code == "R2C-P044"
    assert f"line 3, column 'cost': {formula!r}" in str(error)


@pytest.mark.parametrize("formula", ["\t=1+2", "\n =B2"])
def test_blanks_before_a_formula_do_not_hide_it(tmp_path: Path, formula: str) -> None:
    (tmp_path / "costs.csv").write_text(f'item,cost\nbolt,old\nnut,"{formula}"\n')
    with pytest.raises(InputError) as caught:
        read_problem("Buy bolts.", data=[tmp_path / "costs.csv"])
    assert caught.value.code == "R2C-P044"


@pytest.mark.parametrize("formula", ["=Prices", "=Price*Amount", "=5", "-B2", "=SUM(B2:B9"])
def test_what_may_be_a_formula_is_refused_among_numbers_only(tmp_path: Path, formula: str) -> None:
    error = refusal(tmp_path, "3", formula)
    assert error is not None
    assert error.code == "R2C-P044"
    assert refusal(tmp_path, "old", formula) is None


LABELS = [
    "-", "+", "--", "=", "=>", "@", "@home", "@home.de", "- none -", "+ extra", "+49 30 1234",
    "+49-30-1234", "+1 (555) 123-4567", "-5", "+3.5", "-20%", "-5-3", "+/-5", "e-mail@x.de",
    "+4x4", "-item(2)", "+B2B sales", "+B12 complex", "-inf", "== equal ==", "=)",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("other", ["old", "3"])
def test_labels_that_begin_with_the_signs_of_formulas_are_read(
    tmp_path: Path, label: str, other: str
) -> None:
    assert refusal(tmp_path, other, label) is None


ERRORS = ["#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "Err:502"]


@pytest.mark.parametrize("other", ["3", "old"])
@pytest.mark.parametrize("value", ERRORS)
def test_the_error_of_a_formula_is_refused_as_in_a_workbook(
    tmp_path: Path, value: str, other: str
) -> None:
    error = refusal(tmp_path, other, value)
    assert error is not None
    assert error.code == "R2C-P043"
    assert f"Line 3, column 'cost' in '{tmp_path}/costs.tsv' holds the error {value!r}" in str(
        error
    )


def test_numbers_of_a_sharp_sign_are_no_errors(tmp_path: Path) -> None:
    assert refusal(tmp_path, "#1", "#2 REF!", "#NAME", "no #REF! here") is None


def test_a_long_cell_that_is_nearly_a_formula_is_looked_through_once(tmp_path: Path) -> None:
    # A pattern that goes back for each sign would not come to an end within the test's time.
    for cell in (
        "=" + "(" * 100_000,
        "=" + "1+" * 50_000,
        "=" + "A." * 50_000,
        "=" + "-" * 100_000,
    ):
        assert refusal(tmp_path, "old", cell) is None
