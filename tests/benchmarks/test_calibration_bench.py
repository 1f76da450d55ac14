"""The confidence is fitted to answers, each seen from without, and reported with its picture."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from r2c.formulation import Evidence, Outcome
from r2c.verdict.confidence import FEATURES, Calibration
from r2c_benchmarks.calibration.calibrate import threshold
from r2c_benchmarks.calibration.collect import UNREADABLE, collect, read_judged
from r2c_benchmarks.calibration.fit import fit, from_without
from r2c_benchmarks.calibration.judged import Judged
from r2c_benchmarks.calibration.threshold import raised, steps
from r2c_benchmarks.command import app
from r2c_benchmarks.record import Record


def answer(number: int, *, right: bool, share: float, passed: bool = True) -> Judged:
    details = {"votes": 5.0, "same_optimum": share, "same_model": share}
    return Judged(
        file="made.jsonl",
        id=f"made-{number}",
        right=right,
        outcome=Outcome.OPTIMAL,
        passed=passed,
        score=share,
        evidence=(Evidence(check="agreement", passed=True, message="", details=details),),
    )


def answers() -> list[Judged]:
    """A hundred answers: the more samples agree, the more are right."""
    found = []
    for number in range(100):
        share = (0.2, 0.4, 0.6, 0.8, 1.0)[number % 5]
        right = share == 1.0 or (share == 0.8 and number % 10 != 3) or number % 7 == 0
        found.append(answer(number, right=right, share=share))
    return found


def test_the_fit_finds_the_weights_that_made_the_answers() -> None:
    draw = np.random.default_rng(5)
    rows = draw.normal(size=(20_000, 2))
    chance = 1 / (1 + np.exp(-(0.5 + rows @ [2.0, -1.0])))
    right = (draw.random(20_000) < chance).astype(float)
    found = fit(rows, right)
    assert found.weights == pytest.approx([2.0, -1.0], abs=0.1)
    assert found.bias == pytest.approx(0.5, abs=0.1)


def test_answers_that_are_all_right_do_not_break_the_fit() -> None:
    rows = np.zeros((30, 2))
    assert fit(rows, np.ones(30)).of(rows) == pytest.approx(np.ones(30), abs=1e-3)


def test_an_answer_is_seen_by_a_model_that_never_saw_it() -> None:
    rows = np.array([[0.0], [0.0], [1.0], [1.0]])
    whole = fit(rows, np.array([0.0, 0.0, 1.0, 1.0])).of(rows)
    without = from_without(rows, np.array([0.0, 0.0, 1.0, 1.0]), [0, 1, 2, 2])
    assert without[3] < 0.5 < whole[3]  # nothing else tells that 1.0 is right


def test_verified_begins_where_few_enough_are_wrong() -> None:
    sure = [(0.9, True)] * 60
    assert threshold([*sure, (0.5, False), (0.4, True)]) == (0.9, 60, 0)
    assert threshold([(0.9, True)] * 58) == (None, 58, 0)
    more = [(0.9, True)] * 92 + [(0.8, False), (0.7, True)]
    assert threshold(more) == (0.7, 94, 1)
    assert threshold([*sure, (0.9, False)]) == (None, 61, 1)


def test_the_fit_writes_calibration_result_and_picture(tmp_path: Path) -> None:
    lines = tmp_path / "judged.jsonl"
    lines.write_text("".join(f"{item.model_dump_json()}\n" for item in answers()))
    to, out = tmp_path / "to.json", tmp_path / "calibration.json"
    asked = ["calibration", "fit", str(lines), "--report", f"the same={lines}"]
    asked += ["--model", "scripted", "--to", str(to), "--out", str(out)]
    made = CliRunner().invoke(app, asked)
    assert made.exit_code == 0, made.output
    found = Calibration.model_validate_json((tmp_path / "to.json").read_text())
    assert (found.answers, found.model) == (100, "scripted")
    assert found.weights[FEATURES.index("score")] > 0
    result = json.loads((tmp_path / "calibration.json").read_text())
    own = result["measurements"]["the same"]
    assert own["auroc"] > 0.8 and own["brier"] < own["brier_constant"]
    assert [row["answers"] for row in result["summary"]] == ["fit, each from without", "the same"]
    ElementTree.fromstring((tmp_path / "calibration.svg").read_text())


def test_a_file_of_other_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text('{"id": 1}\n')
    with pytest.raises(Exception, match="line 1") as told:
        read_judged(path)
    assert getattr(told.value, "code", "") == UNREADABLE.code


def test_without_runs_nothing_is_judged(tmp_path: Path) -> None:
    assert collect([], tmp_path, tmp_path / "judged.jsonl") == ()


def record(number: int, confidence: float, *, right: bool, trust: str = "verified") -> Record:
    details = {"trust": trust, "confidence": confidence}
    return Record(
        file="made.jsonl", id=f"made-{number}", answer=4.0, outcome=Outcome.OPTIMAL,
        objective=4.0 if right else 5.0, executable=True, details=dict(details),
    )  # fmt: skip


def test_the_threshold_rises_to_where_fewest_verified_answers_are_wrong() -> None:
    fitted = Calibration(
        weights=(1.0,), bias=0.0, verified_from=0.5, answers=9, right=9, model="a model"
    )
    # 60 sure ones, all right, 30 less sure ones, five wrong; what is not verified does not count.
    found = [record(n, 0.9, right=True) for n in range(60)]
    found += [record(n, 0.7, right=n >= 65) for n in range(60, 90)]
    found += [record(n, 0.95, right=False, trust="plausible") for n in range(90, 110)]
    told = raised(fitted, steps(found))
    assert (told.verified_from, told.verified, told.verified_wrong) == (0.9, 60, 0)
    assert told.bound == pytest.approx(1 - 0.05 ** (1 / 60), abs=1e-6)
    # More answers that are right lower the bound, though they are less sure.
    more = [record(n, 0.8, right=True) for n in range(110, 140)]
    assert raised(fitted, steps([*found, *more])).verified_from == 0.8
    few = raised(fitted, steps(found[30:]))  # none of 30 wrong: up to 9.5% may be
    assert (few.verified_from, few.verified, few.verified_wrong) == (None, 30, 0)
    assert raised(fitted, steps([])) == fitted
