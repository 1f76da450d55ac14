"""A run searched again with one thing left out loses what that thing was good for, no more."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kept_run import PROBLEMS, bench_folder, run_of
from typer.testing import CliRunner

from r2c.agents.verifier import in_order_of_loss, try_combination
from r2c.errors import InputError
from r2c.llm.testing import Call, ScriptedModel
from r2c.problem.read import read_problem
from r2c.settings import Settings
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.answer import solve
from r2c.verdict.rank import Score
from r2c_benchmarks.ablation import AGAIN, ablation, replayed
from r2c_benchmarks.command import app
from r2c_benchmarks.items import Name, read_items
from r2c_benchmarks.record import Record
from r2c_benchmarks.replay import CHECKS, VARIANTS, weighed
from r2c_benchmarks.results import Run, read_run
from r2c_benchmarks.saved_readings import SavedReadings, readings_of
from r2c_benchmarks.score import matches
from r2c_benchmarks.start import Wish, run_with, wanted

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bench_folder(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def run(bench: Path) -> Run:
    return read_run(run_of(bench, "r2c"))


@pytest.fixture(scope="module")
def again(bench: Path, run: Run) -> dict[str, list[Record]]:
    items = read_items(bench, [record.name for record in run.records])
    return replayed(run, run.records, items, lambda _: None)


def wrong(records: list[Record]) -> set[str]:
    return {record.id for record in records if not matches(record)}


def test_the_run_is_right_everywhere_and_so_is_the_search_made_again(
    run: Run, again: dict[str, list[Record]]
) -> None:
    assert wrong(list(run.records)) == set() == wrong(again["everything"])


@pytest.mark.parametrize(
    ("variant", "loses"),
    [
        ("no repair", {"ferry"}),
        ("no checks, no repair", {"ferry", "press", "kiosk"}),
        ("no findings", {"kiosk"}),
        ("no unused_number", {"kiosk"}),
        ("no no_plan", {"press"}),
        ("no invented_number", set()),
        ("no costs of words", {"mill", "kiosk"}),
    ],
)
def test_what_is_left_out_costs_the_problems_that_need_it(
    again: dict[str, list[Record]], variant: str, loses: set[str]
) -> None:
    assert wrong(again[variant]) == loses


def test_a_search_without_repair_costs_the_calls_before_it(again: dict[str, list[Record]]) -> None:
    def calls(variant: str) -> int:
        return next(record.calls for record in again[variant] if record.id == "ferry")

    assert (calls("no repair"), calls("everything")) == (5, 6)


def test_every_check_of_a_score_can_be_left_out(run: Run) -> None:
    named = {name for variant in VARIANTS for name in variant.without}
    assert named == set(CHECKS)
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess(1) as opened:
        yield opened


@pytest.mark.parametrize("name", sorted(PROBLEMS))
def test_a_trial_weighed_with_all_checks_is_the_trial_itself(
    run: Run, process: SolverProcess, name: str
) -> None:
    record = next(record for record in run.records if record.id == name)
    saved = SavedReadings.model_validate(record.details["readings"])
    readings = readings_of(read_problem(PROBLEMS[name][0].text), saved, saved.last)
    assert readings is not None
    for picks in in_order_of_loss(readings):
        trial = try_combination(readings, picks, process, Limits())
        votes = readings.samples - readings.loss(picks)
        found = weighed(trial, picks, votes, frozenset())
        assert found.score == trial.score and found.cir == trial.cir
        assert set(trial.score.findings) <= set(CHECKS)


def test_a_check_left_out_gives_back_what_it_costs(run: Run, process: SolverProcess) -> None:
    record = next(record for record in run.records if record.id == "kiosk")
    saved = SavedReadings.model_validate(record.details["readings"])
    readings = readings_of(read_problem(PROBLEMS["kiosk"][0].text), saved, saved.last)
    assert readings is not None
    trial = try_combination(readings, readings.best, process, Limits())
    assert trial.score.findings["unused_number"] == 1
    less = weighed(trial, trial.picks, 3.0, frozenset({"unused_number"}))
    assert less.score.value > trial.score.value
    bare = replace(trial, score=Score(1, 2.0, 2.0))
    assert weighed(bare, trial.picks, 2.0, frozenset({"no_plan"})).score.level == 3
    assert weighed(bare, trial.picks, 2.0, frozenset({"nothing_planned"})).score.level == 1


def test_the_table_holds_variants_and_other_runs_against_the_run(bench: Path, run: Run) -> None:
    other = read_run(run_of(bench, "r2c-1", limit=3))
    told: list[str] = []
    found: Any = ablation(run, [other], bench, note="Idle.", tell=told.append)
    rows = {row["variant"]: row for row in found["summary"]}
    assert list(rows)[:3] == ["r2c", "r2c-1", "everything"]
    assert (rows["r2c"]["n"], rows["r2c"]["points"]) == (5, "")
    assert (rows["r2c-1"]["n"], rows["r2c-1"]["how"]) == (3, "run")
    assert (rows["no repair"]["points"], rows["no repair"]["right"]) == ("-20.0", 4)
    assert rows["no repair"]["how"] == AGAIN
    assert len(told) == 5
    for said in ("public", "5 of 5 problems came to what the run had come to", "Idle."):
        assert said in found["note"]
    raw = {item["problems"]: item for item in found["measurements"]}
    assert raw["no repair"]["difference"]["only_second"] == 1
    assert raw["no repair"]["difference"]["low"] < -0.2 < raw["no repair"]["difference"]["high"]
    assert raw["no repair"]["searched_again"]["versions"]["pyomo"]
    assert raw["r2c-1"]["options"]["samples"] == 1 != raw["r2c"]["options"]["samples"]
    assert "searched_again" not in raw["r2c"]
    for row in found["summary"]:
        assert all(isinstance(value, str | int | float) for value in row.values())


def test_the_command_writes_the_result_over_a_part_of_the_problems(
    bench: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "some.ids").write_text("small.jsonl ferry\nsmall.jsonl bakery\n")
    words = ["ablate", str(bench / run.folder), "--bench", str(bench)]
    words += ["--ids", str(tmp_path / "some.ids"), "--to", str(tmp_path)]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    kept = json.loads((tmp_path / "ablation.json").read_text())
    assert {row["n"] for row in kept["summary"]} == {2}
    assert "no unused_number" in done.output
    assert kept["measurements"][-1]["searched_again"]["command"]


def changed(run: Run, **fields: object) -> Run:
    records = tuple(record.model_copy(update=fields) for record in run.records)
    return replace(run, records=records)


def test_a_problem_that_never_came_to_a_search_stays_as_it_was(bench: Path, run: Run) -> None:
    lost = changed(run, objective=None, outcome="limit", details={})
    found: Any = ablation(lost, [], bench)
    assert {row["right"] for row in found["summary"]} == {0}
    assert {row["n"] for row in found["summary"]} == {5}


def test_a_run_that_kept_no_readings_is_refused(bench: Path, run: Run) -> None:
    with pytest.raises(InputError, match="R2C-B055"):
        ablation(changed(run, details={}), [], bench)


def test_a_problem_that_has_other_sentences_today_is_refused(bench: Path, run: Run) -> None:
    record = run.records[0]
    kept: Any = json.loads(json.dumps(record.details["readings"]))
    kept["last"]["options"].append([{"text": "none", "votes": 3, "score": 3.0}])
    with pytest.raises(InputError, match="R2C-B056"):
        ablation(changed(run, details={"readings": kept}), [], bench)


def test_nothing_that_counts_is_no_table(bench: Path, run: Run) -> None:
    with pytest.raises(InputError, match="R2C-B054"):
        ablation(run, [], bench, only=[Name("small.jsonl", "other")])


def test_a_problem_over_the_sets_of_its_data_is_searched_again_with_its_data(
    tmp_path: Path,
) -> None:
    folder = EXAMPLES / "transport"
    tables = {path.stem: rows_of(path) for path in sorted(folder.glob("*.csv"))}
    best = solve(EXAMPLES / "transport.cir.json", folder).objective
    text = (folder / "problem.txt").read_text(encoding="utf-8")
    line = {"id": "lanes", "problem": text, "data": tables, "answer": best, "trust": "A-hand"}
    (tmp_path / "sets.jsonl").write_text(json.dumps(line) + "\n")
    (tmp_path / "sets.ids").write_text("sets.jsonl lanes\n")
    wish = Wish(tmp_path, tmp_path / "sets.ids", "r2c-1", out=tmp_path / "run")
    path = run_with(wish, wanted(wish), Settings(), ScriptedModel(over_sets))
    found: Any = ablation(read_run(path), [], tmp_path)
    rows = {row["variant"]: row["right"] for row in found["summary"]}
    assert (rows["r2c-1"], rows["everything"], rows["no repair"]) == (1, 1, 1)


def rows_of(path: Path) -> list[dict[str, str | float]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: float(text) if text.isdigit() else text for name, text in row.items()}
            for row in csv.DictReader(file)
        ]


def over_sets(call: Call) -> str:
    if call.purpose == "decisions":
        return "ship[plant, shop]: number of pallets"
    return "minimize cost*ship" if call.purpose == "objective" else "none"
