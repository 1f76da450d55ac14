"""Right, right after a domain flip, and wrong; groups; comparisons."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c_benchmarks.compare import compare, sentence
from r2c_benchmarks.record import Manifest, Record
from r2c_benchmarks.results import write_result
from r2c_benchmarks.score import close, groups, matches, matches_after_flip, score
from r2c_evaluation.intervals import paired


def record(number: int, *, objective: float | None, **changes: object) -> Record:
    fields = {
        "file": "apples.jsonl",
        "id": f"apples-{number}",
        "family": "mix",
        "trust": "A-hand",
        "answer": 100.0,
        "outcome": "error" if objective is None else "optimal",
        "objective": objective,
        "executable": objective is not None,
        "calls": 1,
        "prompt_tokens": 10 * number,
        "completion_tokens": 5,
        "seconds": float(number),
    }
    return Record.model_validate({**fields, **changes})


def manifest(method: str, count: int = 4) -> Manifest:
    return Manifest(
        method=method,
        options={"samples": 5},
        model="tiny",
        endpoint="scripted",
        capability="grammar",
        items="apples.ids",
        items_sha256="0" * 64,
        count=count,
        seed=7,
        item_seconds=60,
        concurrency=1,
        starts=({"command": "r2c bench run", "commit": "abc", "machine": "two cores"},),
    )


RECORDS = (
    record(1, objective=100.005),
    record(2, objective=101.0, relaxed=100.0),
    record(3, objective=None),
    record(4, objective=100.0, trust="C", file="pears.jsonl"),
    record(5, objective=None, trust="X", answer=None),
)


@pytest.mark.parametrize(
    ("value", "answer", "tolerance", "expected"),
    [
        (100.009, 100.0, 1e-4, True),
        (100.011, 100.0, 1e-4, False),
        (0.00009, 0.0, 1e-4, True),
        (-100.0, 100.0, 1e-4, False),
        (1e9 + 9e4, 1e9, 1e-4, True),
        (100.001, 100.0, 1e-6, False),
        (None, 100.0, 1e-4, False),
        (100.0, None, 1e-4, False),
    ],
)
def test_right_means_within_a_relative_tolerance(
    value: float | None, answer: float | None, tolerance: float, expected: bool
) -> None:
    assert close(value, answer, tolerance) is expected


def test_a_match_in_the_other_reading_counts_apart() -> None:
    assert not matches(RECORDS[1]) and matches_after_flip(RECORDS[1])


def test_only_trusted_labels_make_the_accuracy_and_others_stand_apart() -> None:
    found = {(group.kind, group.name): len(group.records) for group in groups(RECORDS)}
    assert found == {
        ("all", "trusted labels"): 3,
        ("file", "apples"): 3,
        ("family", "mix"): 3,
        ("label", "C"): 1,
    }


def test_the_figures_of_a_group() -> None:
    found = score(RECORDS[:3])
    assert (found.count, found.right, found.strict) == (3, 1, 0)
    assert found.accuracy == pytest.approx(1 / 3)
    assert found.after_flip == pytest.approx(2 / 3)
    assert found.executable == pytest.approx(2 / 3)
    assert (found.prompt_tokens, found.seconds_mean, found.seconds_median) == (20, 2, 2)


def test_runs_are_compared_on_the_problems_they_share() -> None:
    theirs = [record(2, objective=100.0), record(3, objective=100.0), record(9, objective=1.0)]
    found = compare(RECORDS, theirs, ("a", "b"))
    assert (found.count, found.only_first, found.only_second) == (2, 0, 2)


def test_runs_that_share_nothing_are_not_compared() -> None:
    with pytest.raises(InputError, match="R2C-B050"):
        compare(RECORDS, [record(77, objective=1.0)], ("a", "b"))


def test_a_result_needs_a_name_that_pages_can_use(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="R2C-B051"):
        write_result("../Accuracy", {"summary": [], "note": ""}, tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ([True] * 30 + [False] * 10, [True] * 15 + [False] * 25, "excludes 0;"),
        ([True, False] * 10, [False, True] * 10, "includes 0;"),
        # Seven against one of 58: the interval alone is too eager.
        (
            [True] * 35 + [False] * 23,
            [True] * 28 + [False] * 7 + [True] + [False] * 22,
            "excludes 0, the exact test does not;",
        ),
    ],
)
def test_a_comparison_says_of_interval_and_test_what_each_says(
    first: list[bool], second: list[bool], told: str
) -> None:
    assert told in sentence(("one", "other"), paired(first, second))
