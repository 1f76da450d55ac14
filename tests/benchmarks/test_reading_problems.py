"""Bench files and lists of ids: what is taken, and what is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c_benchmarks.items import Name, read_ids, read_items

LINES = [
    {"id": "a-1", "problem": "One.", "answer": 3, "trust": "A-ref", "family": "mix", "extra": [1]},
    {"id": "a-2", "problem": "Two.", "answer": None, "data": {"t": [1, 2]}},
]


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    text = "".join(json.dumps(line) + "\n" for line in LINES)
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def listed(bench: Path, text: str) -> Path:
    path = bench / "some.ids"
    path.write_text(text, encoding="utf-8")
    return path


def test_problems_come_in_the_order_of_the_list(bench: Path) -> None:
    names = read_ids(bench, listed(bench, "# mine\na.jsonl a-2\n\na.jsonl a-1\n"))
    assert names == (Name("a.jsonl", "a-2"), Name("a.jsonl", "a-1"))
    two, one = read_items(bench, names)
    assert (two.data, two.answer) == ({"t": [1, 2]}, None)
    assert (one.problem, one.answer, one.trust, one.name) == ("One.", 3.0, "A-ref", names[1])


def test_a_file_of_problems_is_a_list_of_all_its_ids(bench: Path) -> None:
    assert read_ids(bench, Path("a.jsonl")) == (Name("a.jsonl", "a-1"), Name("a.jsonl", "a-2"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.jsonl\n", "line 1 is 'a.jsonl'"),
        ("../a.jsonl a-1\n", "line 1"),
        ("\n# nothing\n", "it is empty"),
        ("a.jsonl a-1\na.jsonl a-1\n", "'a-1' occurs twice"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused(bench: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match="R2C-B010") as caught:
        read_ids(bench, listed(bench, text))
    assert said in str(caught.value)


def test_a_missing_problem_is_not_passed_over(bench: Path) -> None:
    with pytest.raises(InputError, match="no problem 'a-9'; 1 of the wanted"):
        read_items(bench, [Name("a.jsonl", "a-1"), Name("a.jsonl", "a-9")])


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": "x"}', '{"id": "x", "problem": 4}'])
def test_a_broken_line_is_named(bench: Path, line: str) -> None:
    with (bench / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(InputError, match="R2C-B011") as caught:
        read_items(bench, [Name("a.jsonl", "a-1")])
    assert "line 3" in str(caught.value)


def test_a_missing_file_is_named(bench: Path) -> None:
    with pytest.raises(InputError, match="R2C-B011"):
        read_items(bench, [Name("b.jsonl", "b-1")])
