"""The confidence is fitted to answers, each seen from without, and reported with its picture."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from r2c.formulation import Evidence, Outcome
from r2c.verdict.confidence import FEATURES, Calibration, features
from r2c_benchmarks.calibration.collect import UNREADABLE, collect, read_judged
from r2c_benchmarks.calibration.fit import fit, from_without
from r2c_benchmarks.calibration.judged import Judged
from r2c_benchmarks.calibration.threshold import begun, steps
from r2c_benchmarks.command import app


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


def test_fit_and_report_write_calibration_results_and_pictures(tmp_path: Path) -> None:
    lines = tmp_path / "judged.jsonl"
    lines.write_text("".join(f"{item.model_dump_json()}\n" for item in answers()))
    to, out = tmp_path / "to.json", tmp_path / "calibration.json"
    asked = ["calibration", "fit", str(lines), "--model", "scripted"]
    made = CliRunner().invoke(app, [*asked, "--to", str(to), "--out", str(out)])
    assert made.exit_code == 0, made.output
    found = Calibration.model_validate_json((tmp_path / "to.json").read_text())
    assert (found.answers, found.model) == (100, "scripted")
    assert (found.verified_from, found.verified) == (None, 0)  # other answers must show it
    assert found.weights[FEATURES.index("score")] > 0
    again = tmp_path / "again.json"
    asked = ["calibration", "report", f"the same={lines}", "--calibration", str(to)]
    made = CliRunner().invoke(app, [*asked, "--out", str(again)])
    assert made.exit_code == 0, made.output
    for path, name in ((out, "fit, each from without"), (again, "the same")):
        own = json.loads(path.read_text())["measurements"][name]
        assert own["auroc"] > 0.8 and own["brier"] < own["brier_constant"]
        ElementTree.fromstring(path.with_suffix(".svg").read_text())


def test_a_file_of_other_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text('{"id": 1}\n')
    with pytest.raises(Exception, match="line 1") as told:
        read_judged(path)
    assert getattr(told.value, "code", "") == UNREADABLE.code


def test_without_runs_nothing_is_judged(tmp_path: Path) -> None:
    assert collect([], tmp_path, tmp_path / "judged.jsonl") == ()


IDENTITY = Calibration(weights=(1.0,), bias=0.0, verified_from=None, answers=9, right=9, model="m")
"""Its confidence is the raw score: of five votes, (5 share + 1) / 7."""


def test_verified_begins_where_fewest_answers_that_passed_are_wrong() -> None:
    # 60 sure ones, all right, 30 less sure ones, five wrong; what did not pass does not count.
    found = [answer(n, right=True, share=0.9) for n in range(60)]
    found += [answer(n, right=n >= 65, share=0.7) for n in range(60, 90)]
    found += [answer(n, right=False, share=0.95, passed=False) for n in range(90, 110)]
    told = begun(IDENTITY, steps(found, IDENTITY))
    assert told.verified_from == pytest.approx((5 * 0.9 + 1) / 7, abs=2e-6)
    assert (told.verified, told.verified_wrong) == (60, 0)
    assert told.bound == pytest.approx(1 - 0.05 ** (1 / 60), abs=1e-6)
    known = features(found[0].outcome, found[0].evidence)
    assert known is not None and told.is_enough(told.confidence(known))
    # More answers that are right lower the bound, though they are less sure.
    more = [answer(n, right=True, share=0.8) for n in range(110, 140)]
    lower = begun(IDENTITY, steps([*found, *more], IDENTITY))
    assert lower.verified_from == pytest.approx((5 * 0.8 + 1) / 7, abs=2e-6)


def test_without_enough_right_answers_nothing_is_verified() -> None:
    few = [answer(n, right=True, share=0.9) for n in range(30)]  # up to 9.5% may be wrong
    told = begun(IDENTITY, steps(few, IDENTITY))
    assert (told.verified_from, told.verified, told.verified_wrong) == (None, 30, 0)
    none = begun(told, steps([], IDENTITY))
    assert (none.verified_from, none.verified, none.bound) == (None, 0, 1.0)


def test_the_threshold_is_set_by_the_command(tmp_path: Path) -> None:
    lines, to = tmp_path / "judged.jsonl", tmp_path / "to.json"
    found = [answer(n, right=True, share=0.9) for n in range(60)]
    lines.write_text("".join(f"{item.model_dump_json()}\n" for item in found))
    to.write_text(IDENTITY.model_dump_json())
    asked = ["calibration", "threshold", str(lines), "--to", str(to)]
    made = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "threshold.json")])
    assert made.exit_code == 0, made.output
    assert Calibration.model_validate_json(to.read_text()).verified == 60
    result = json.loads((tmp_path / "threshold.json").read_text())
    assert [row["passed"] for row in result["summary"]] == [60]
