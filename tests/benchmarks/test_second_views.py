"""Answers are parted by what was said of them and by whether another method agrees."""

from __future__ import annotations

from pathlib import Path

from r2c_benchmarks.calibration.second_views import rows
from r2c_benchmarks.results import read_run

RUNS = Path(__file__).parents[2] / "benchmarks" / "results" / "runs"


def test_every_answer_that_both_have_is_in_one_row() -> None:
    ours, other = read_run(RUNS / "report-vllm"), read_run(RUNS / "report-nl4opt-schema")
    found = rows([ours], [other])
    known = {record.name for record in other.records}
    assert sum(int(str(row["n"])) for row in found) == sum(
        record.name in known for record in ours.records
    )
    assert {(row["answers"], row["it"]) for row in found} == {
        (answers, it) for answers in ("verified", "not verified") for it in ("agrees", "differs")
    }


def test_a_run_agrees_with_itself_wherever_it_has_an_answer() -> None:
    ours = read_run(RUNS / "report-nl4opt-r2c")
    agrees = [row for row in rows([ours], [ours]) if row["it"] == "agrees"]
    answered = [record for record in ours.records if record.objective is not None]
    assert sum(int(str(row["n"])) for row in agrees) == len(answered)
