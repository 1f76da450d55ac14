"""What holds for every text: places are exact and ordered, numbers survive their spelling."""

from __future__ import annotations

import csv
import io
import json
import time
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from r2c.errors import InputError
from r2c.problem import Problem, read_problem
from r2c.problem.read import TEXT_LIMIT

FRAGMENTS = st.sampled_from(
    [
        "The mill", " needs", " 5", " 1,200", " $8.50", " 60%", " twenty-five", " half",
        " a dozen", " hours", ".", ". ", "\n", "\n\n", "- ", "1. ", "| a | b |\n", "|---|---|\n",
        "| 1 | 2 |\n", "a,b\n", "1,2\n", "x\ty\n", "3\t4\n", "one ", " of ", " to ", "-", "/",
        "$", "\\$", "\\frac{1}{2}", "Table 2: Costs\n", "(1) ", "e.g. ", "Type 1", " and ", " 2",
        "½", "–", "[1,2]", "<table>", "<tr><td>7</td><td>8</td></tr>", "</table>",
        "\\begin{tabular}{cc}", "a & 1 \\\\", "b & 2 \\\\", "\\end{tabular}", " third",
        " quarters", "times the ", "million", "\u00a0", "é", "数", "。", "\\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(FRAGMENTS, min_size=1, max_size=40).map("".join),
    st.text(max_size=200),
    st.text(alphabet="0123456789.,-/$% \nab|()[]", max_size=120),
)
COUNTS = st.integers(min_value=0, max_value=999_999_999)


def read_or_none(text: str) -> Problem | None:
    """The problem, or None if the text is refused for what its error says."""
    try:
        return read_problem(text)
    except InputError as error:
        assert error.code in ("R2C-P001", "R2C-P003")
        return None


@settings(max_examples=200)
@given(TEXTS)
def test_every_place_is_exact_ordered_and_inside_the_text(text: str) -> None:
    problem = read_or_none(text)
    if problem is None:
        return
    for sentence in problem.sentences:
        assert problem.quote(sentence.span) == sentence.text == sentence.text.strip() != ""
    for quantity in problem.quantities:
        assert problem.quote(quantity.span) == quantity.text
        assert 1 <= quantity.sentence <= max(1, len(problem.sentences))
        assert quantity.unit != ""
    tables = [table.span for table in problem.tables if table.span is not None]
    for spans in (
        [sentence.span for sentence in problem.sentences],
        [quantity.span for quantity in problem.quantities],
        tables,
    ):
        for span in spans:
            assert 0 <= span.start < span.end <= len(problem.text)
        for first, second in pairwise(spans):
            assert first.end <= second.start
    for sentence in problem.sentences:
        assert not any(sentence.span.overlaps(table) for table in tables)


@settings(max_examples=200)
@given(TEXTS)
def test_every_table_of_a_text_is_rectangular_and_its_cells_lie_inside_it(text: str) -> None:
    problem = read_or_none(text)
    if problem is None:
        return
    names = [table.name.lower() for table in problem.tables]
    assert len(set(names)) == len(names)
    for table in problem.tables:
        assert table.name.isidentifier()
        assert table.span is not None and table.spans is not None
        titles = [column.name for column in table.columns]
        assert len(set(titles)) == len(titles)
        for row, spans in zip(table.rows, table.spans, strict=True):
            assert len(row) == len(spans) == len(table.columns)
            assert all(table.span.contains(span) for span in spans)


@given(TEXTS)
def test_every_digit_of_a_text_belongs_to_a_quantity(text: str) -> None:
    problem = read_or_none(text)
    if problem is None:
        return
    inside = {i for q in problem.quantities for i in range(q.span.start, q.span.end)}
    outside = {
        i for i, c in enumerate(problem.text) if c.isascii() and c.isdigit() and i not in inside
    }
    assert outside == set()


@given(TEXTS)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    problem = read_or_none(text)
    if problem is not None:
        assert read_problem(problem.text) == problem
        assert Problem.model_validate_json(problem.model_dump_json()) == problem


def spelled(value: int) -> str:
    """The value in English words."""
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ).split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if value < 20:
        return small[value]
    if value < 100:
        rest = value % 10
        return tens[value // 10 - 2] + (f"-{small[rest]}" if rest else "")
    for scale, word in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= scale:
            rest = value % scale
            joint = " and " if rest < 100 else " "
            return f"{spelled(value // scale)} {word}" + (f"{joint}{spelled(rest)}" if rest else "")
    raise AssertionError(value)


@given(COUNTS, st.sampled_from(["plain", "thousands", "words", "money", "latex", "decimal"]))
def test_a_number_is_read_back_from_every_spelling(value: int, form: str) -> None:
    written = {
        "plain": f"{value}",
        "thousands": f"{value:,}",
        "words": spelled(value),
        "money": f"${value:,}",
        "latex": f"$\\${value}$",
        "decimal": f"{value}.0",
    }[form]
    noun = "crate" if value == 1 else "crates"
    (quantity,) = read_problem(f"We must load {written} {noun}.").quantities
    assert quantity.value == value
    assert quantity.unit == ("$" if form in ("money", "latex") else noun)


@given(st.integers(1, 9999), st.integers(2, 9999))
def test_fractions_percents_and_scales_are_read_back(top: int, bottom: int) -> None:
    text = f"Use {top}/{bottom} of it, {top / 100:.2f}% of that, {bottom} million in all."
    found = [(q.value, q.kind) for q in read_problem(text).quantities]
    assert found == [
        (pytest.approx(top / bottom), "fraction"),
        (pytest.approx(top / 10000), "percent"),
        (bottom * 1e6, "number"),
    ]


# ---------------------------------------------------------------------------------- round trips

NAMES = st.lists(
    st.from_regex(r"[A-Za-z][A-Za-z_]{0,8}", fullmatch=True), min_size=2, max_size=5, unique=True
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32).map(float)
WORDS = st.from_regex(r"[A-Za-z][A-Za-z ,;\"'é]{1,10}[A-Za-z]z", fullmatch=True)


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[str], list[list[object]]]:
    names = draw(NAMES)
    kinds = [draw(st.sampled_from([NUMBERS, WORDS])) for _ in names]
    rows = draw(st.lists(st.tuples(*kinds).map(list), min_size=1, max_size=6))
    return names, rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(grids(), st.sampled_from([",", ";", "\t", "|"]))
def test_a_csv_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    grid: tuple[list[str], list[list[object]]],
    delimiter: str,
) -> None:
    names, rows = grid
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([names, *rows])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    (table,) = read_problem("Go.", path).tables
    assert [column.name for column in table.columns] == names
    assert [list(row) for row in table.rows] == rows


@settings(max_examples=60)
@given(grids())
def test_json_and_memory_give_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, grid: tuple[list[str], list[list[object]]]
) -> None:
    names, rows = grid
    records = [dict(zip(names, row, strict=True)) for row in rows]
    path = tmp_path_factory.mktemp("json") / "t.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    (from_file,) = read_problem("Go.", path).tables
    (from_memory,) = read_problem("Go.", {"t": records}).tables
    assert [column.name for column in from_file.columns] == names
    assert [list(row) for row in from_file.rows] == rows
    assert (from_memory.columns, from_memory.rows) == (from_file.columns, from_file.rows)


@settings(max_examples=30)
@given(grids())
def test_a_workbook_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, grid: tuple[list[str], list[list[object]]]
) -> None:
    names, rows = grid
    book = openpyxl.Workbook()
    for row in [names, *rows]:
        book.active.append(row)
    path = tmp_path_factory.mktemp("xlsx") / "t.xlsx"
    book.save(path)
    (table,) = read_problem("Go.", path).tables
    assert [column.name for column in table.columns] == names
    # The writer keeps 16 digits of a number.
    expected = [
        [pytest.approx(v, rel=1e-14) if isinstance(v, float) else v for v in r] for r in rows
    ]
    assert [list(row) for row in table.rows] == expected


# ---------------------------------------------------------------------------------- faults


@pytest.mark.parametrize("text", ["", "  \n\t ", "\ufeff", "---\n***"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_problem(text)
    assert caught.value.code == "R2C-P001"


def test_a_text_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match=str(TEXT_LIMIT)) as caught:
        read_problem("a" * (TEXT_LIMIT + 1))
    assert caught.value.code == "R2C-P002"
    with pytest.raises(InputError, match="the limit is 10"):
        read_problem("a" * 11, limit=10)


@pytest.mark.parametrize(
    ("text", "said"), [("ab\n c\x00d", "U\\+0000 in line 2, column 3"), ("a\ud800", "U\\+D800")]
)
def test_invisible_characters_are_refused_with_their_place(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_problem(text)
    assert caught.value.code == "R2C-P003"


HOSTILE = [
    "$", "$a ", "1,", "|1", "1/", "one hundred and ", "types 1, 2, ", "a. ", "- a\n", "1. a\n",
    "|a|b|\n|-|-|\n|1|2|\n", "a,b\n", "<table>", "<tr><td>", "\\begin{tabular}", "\\frac{1}{",
    "1e", "((", "[1,", "12 ", "half a ", "7",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_fifty_thousand_characters_are_read_in_bounded_time(piece: str) -> None:
    text = "Go. " + piece * (50_000 // len(piece))
    start = time.process_time()
    problem = read_problem(text)
    assert time.process_time() - start < 15
    assert problem.text == text
