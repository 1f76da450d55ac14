"""The mutation bench: mistakes that change an optimum are counted, right models first."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.solve.process import SolverProcess
from r2c_benchmarks.detection.bench import run
from r2c_benchmarks.detection.case import RIGHT, Case, Finding
from r2c_benchmarks.detection.examine import Examiner
from r2c_benchmarks.detection.report import document
from r2c_benchmarks.detection.subject import Subject, subject
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.synth.worker import by_words


@pytest.fixture(scope="module")
def example() -> tuple[Subject, tuple[Finding, ...]]:
    with SolverProcess() as process:
        found = subject("tests", 0, Prover(process), by_words())
        assert found is not None
        return found, tuple(Examiner(process).findings(found))


def test_the_right_model_comes_first_and_mistakes_say_what_they_change(
    example: tuple[Subject, tuple[Finding, ...]],
) -> None:
    _, findings = example
    assert [item.kind == RIGHT for item in findings] == [True, *[False] * (len(findings) - 1)]
    assert findings[0].outcome == "optimal"
    assert any(item.effect == "told" for item in findings)
    assert len({item.kind for item in findings}) > 4


def test_the_same_problem_is_examined_the_same_way(
    example: tuple[Subject, tuple[Finding, ...]],
) -> None:
    found, findings = example
    with SolverProcess() as process:
        again = subject("tests", 0, Prover(process), by_words())
        assert again == found
        assert tuple(Examiner(process).findings(again)) == findings


def test_the_result_tells_what_is_flagged_and_what_each_check_adds() -> None:
    cases = [
        Case(number=0, source="a", findings=(
            Finding(kind=RIGHT, failed={"scope": "doubted"}),
            Finding(kind="drop_rule", effect="told", failed={"scope": "x", "logic": "y"}),
            Finding(kind="drop_rule", effect="none", failed={"scope": "x"}),
            Finding(kind="wrong_unit", effect="refused"),
        )),
        Case(number=1, source="b", findings=(
            Finding(kind=RIGHT),
            Finding(kind="drop_rule", effect="other"),
            Finding(kind="wrong_unit", effect="told", failed={"logic": "y"}),
        )),
        Case(number=2),
    ]  # fmt: skip
    card = Case(number=0, source="linear", card="linear", findings=(
        Finding(kind=RIGHT),
        Finding(kind="flip_sense", effect="told", failed={"outcome": "unbounded"}),
        Finding(kind="flip_sense", effect="told"),
    ))  # fmt: skip
    found = document([*cases, card], [], "tests")
    assert isinstance(found["cards"], list)
    rows = [row for row in found["cards"] if isinstance(row, dict)]
    assert [(row["mistake"], row["n"], row["flagged"]) for row in rows] == [
        ("flip_sense", 2, 1),
        ("all", 2, 1),
        ("none (false alarms)", 1, 0),
    ]
    assert document(cases, [], "tests")["cards"] == []
    assert found["detection"] == 3 / 4
    assert found["detection_without_refused"] == 2 / 3
    assert found["false_alarm"] == 1 / 2
    assert (found["problems"], found["not_used"]) == (2, 1)
    assert found["checks"] == [
        {"check": "logic", "flags": 2, "alone": 1, "false alarms": 0},
        {"check": "scope", "flags": 1, "alone": 0, "false alarms": 1},
    ]


@pytest.mark.slow
def test_a_bench_goes_on_where_it_stopped(tmp_path: Path) -> None:
    told: list[str] = []
    path = tmp_path / "mutation.jsonl"
    run(1, "tests", path, {"at": "first"}, told.append, processes=1)
    cards = ("capacity_limit",)
    found = run(2, "tests", path, {"at": "then"}, told.append, processes=1, cards=cards)
    assert len(told) == 3
    assert found["cards"]
    assert found["starts"] == [{"at": "first"}, {"at": "then"}]
