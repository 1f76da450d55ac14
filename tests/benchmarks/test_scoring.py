"""Right, right after a domain flip, and wrong; groups; comparisons."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.errors import InputError
from r2c_benchmarks.compare import compare, compare_groups, rows, sentence
from r2c_benchmarks.record import Manifest, Record
from r2c_benchmarks.results import write_result
from r2c_benchmarks.score import close, groups, matches, matches_after_flip, score
from r2c_benchmarks.verdicts import verdict_rows
from r2c_evaluation.intervals import paired

FLIPPED = st.sampled_from([100.0, 90.0, None])


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


def test_runs_that_were_judged_by_different_answers_are_not_compared() -> None:
    corrected = [record(1, objective=100.0, answer=90.0)]
    with pytest.raises(InputError, match="R2C-B128"):
        compare(RECORDS, corrected, ("a", "b"))


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


def no_optimum(number: int, status: str, outcome: str, **changes: object) -> Record:
    """A problem of RuleBench without an optimum."""
    told = {"answer": None, "status": status, "outcome": outcome, "level": 1}
    return record(number, objective=None).model_copy(update={**told, **changes})


def test_saying_that_there_is_no_optimum_is_right_after_a_domain_flip_too() -> None:
    found = score([no_optimum(1, "infeasible", "infeasible"), record(2, objective=90.0, level=1)])
    assert found.after_flip == found.accuracy == 0.5


@pytest.mark.parametrize(("objective", "right"), [(100.0, True), (90.0, False)])
def test_the_optimum_of_what_no_linear_model_expresses_is_right(
    objective: float, right: bool
) -> None:
    found = no_optimum(1, "unsupported", "optimal", answer=100.0, objective=objective)
    assert matches(found) is right
    assert matches(no_optimum(1, "unsupported", "unsupported", answer=100.0))


@given(st.sampled_from(["optimal", "infeasible"]), st.sampled_from([100.0, 90.0, None]), FLIPPED)
def test_what_is_right_is_right_after_a_domain_flip(
    status: str, objective: float | None, flipped: float | None
) -> None:
    one = record(1, objective=objective, relaxed=flipped, status=status)
    assert matches_after_flip(one) or not matches(one)


def test_problems_without_an_optimum_stand_apart_where_there_are_any() -> None:
    items = [no_optimum(1, "infeasible", "error"), record(2, objective=100.0, level=1)]
    names = [(group.kind, group.name) for group in groups(items)]
    assert names[:3] == [
        ("all", "trusted labels"),
        ("status", "with an optimum"),
        ("status", "without an optimum"),
    ]
    assert all(group.kind != "status" for group in groups(RECORDS))


def test_a_verdict_is_held_against_the_problems_that_have_an_optimum() -> None:
    items = [
        no_optimum(1, "infeasible", "infeasible"),
        no_optimum(2, "infeasible", "unbounded"),
        no_optimum(3, "needs_input", "error"),
        record(4, objective=None, outcome="infeasible", level=1),
        record(5, objective=100.0, level=1),
    ]
    rows = {row["verdict"]: row for row in verdict_rows("r2c", items)}
    told = rows["infeasible"]
    assert (told["problems that are so"], told["found"], told["false alarms"]) == (2, 1, 1)
    assert (told["problems with an optimum"], told["rate"]) == (2, "50.0%")
    assert (rows["unbounded"]["found"], rows["needs_input"]["false alarms"]) == ("", 0)
    assert (rows["any"]["found"], rows["any"]["problems that are so"]) == (1, 3)
    assert verdict_rows("r2c", RECORDS) == []


def test_one_family_has_no_clustered_interval_and_five_have_one() -> None:
    ours = [record(k, objective=100.0, level=1, family=f"f{k % 5}") for k in range(10)]
    theirs = [record(k, objective=100.0 if k < 3 else 90.0, level=1) for k in range(10)]
    lines = {line.group.name: line for line in compare_groups(ours, theirs, ("a", "b"))}
    (row,) = rows([lines["f1"]])
    assert (row["clusters"], row["95% clustered"], row["95% paired"] != "") == (1, "", True)
    whole = lines["trusted labels"]
    assert whole.in_families and whole.clustered_told == "+36.0 to +100.0"
    assert "+36.0 to +100.0 with errors clustered by family, 5 of them" in sentence(
        ("a", "b"), whole.paired, whole.clustered
    )
    one = lines["f1"]
    assert "no interval by family" in sentence(("a", "b"), one.paired, one.clustered)
