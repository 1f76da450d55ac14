"""What is made of the measured paradigms: agreement, the table, and a bench that continues."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from r2c.errors import InputError, ModelError, StoreError
from r2c_benchmarks.command import app
from r2c_benchmarks.paradigms.agreement import require_agreement
from r2c_benchmarks.paradigms.bench import Wish, run
from r2c_benchmarks.paradigms.instances import cutting_stock
from r2c_benchmarks.paradigms.lines import Lines
from r2c_benchmarks.paradigms.measurement import Case, Measurement, Place
from r2c_benchmarks.paradigms.report import best_constant, document, is_good, where_it_matters

START: dict[str, Any] = {
    "at": "now",
    "command": "c",
    "commit": "0123",
    "machine": "two cores, load 0.1",
}
STARTS = [START, {**START, "commit": "unused"}, {**START, "commit": "4567"}]
BOTH = ["by_length", "linked"]


def measured(paradigm: str, seconds: float, **figures: Any) -> Measurement:
    told = {
        "archetype": "bin_packing", "size": 8, "seed": 0, "digest": "d", "limit": 30.0,
        "status": "kOptimal", "finished": True, "objective": 100.0, "bound": 100.0,
        "relaxed": 90.0, "nodes": 7, "variables": 20, "rows": 10,
    }  # fmt: skip
    return Measurement(**{**told, "paradigm": paradigm, "seconds": seconds, **figures})


def case(picked: str | None, *found: Measurement, seed: int = 0) -> Case:
    return Case(Place("bin_packing", 8, seed), picked, found)


# ------------------------------------------------------------------------------------ agreement


def test_paradigms_that_find_the_same_agree_within_the_tolerances_of_the_solver() -> None:
    require_agreement([measured("a", 1), measured("b", 1, objective=100.0005, bound=100.0)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"objective": 99.0, "bound": 99.0}, {}),
        ({"objective": 99.0, "bound": 50.0, "finished": False}, {}),
        ({"objective": 99.0, "finished": False, "bound": None},
         {"objective": None, "finished": False, "bound": 99.5}),
        ({"objective": 89.0, "finished": False, "bound": None},
         {"objective": None, "finished": False, "bound": None}),
        ({"objective": 101.0, "sense": "max", "relaxed": None}, {"sense": "max", "relaxed": 110.0}),
    ],
)  # fmt: skip
def test_a_plan_better_than_what_another_paradigm_proves_is_a_disagreement(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    with pytest.raises(ModelError, match="R2C-B081") as caught:
        require_agreement([measured("first", 1, **one), measured("second", 1, **other)])
    assert "bin_packing size 8 seed 0: first finds" in str(caught.value)


def test_an_unfinished_search_disagrees_with_nobody() -> None:
    left = measured("b", 30, finished=False, objective=140.0, bound=95.0, status="kTimeLimit")
    require_agreement([measured("a", 1), left])
    require_agreement([left.model_copy(update={"objective": None, "bound": None})])


def test_an_instance_without_a_plan_is_an_error_of_the_bench() -> None:
    with pytest.raises(ModelError, match="R2C-B082"):
        require_agreement([measured("a", 1, status="kInfeasible", objective=None)])


# ------------------------------------------------------------------------------------ the report


@pytest.mark.parametrize(
    ("picked", "other", "good"),
    [
        ({"seconds": 1.0}, {"seconds": 2.0}, True),
        ({"seconds": 2.3}, {"seconds": 2.0}, True),
        ({"seconds": 2.5}, {"seconds": 2.0}, False),
        ({"seconds": 0.09}, {"seconds": 0.01}, True),
        ({"seconds": 0.12}, {"seconds": 0.01}, False),
        ({"seconds": 3.0, "finished": False}, {"seconds": 26.0}, True),
        ({"seconds": 3.0, "finished": False}, {"seconds": 24.0}, False),
        ({"seconds": 35.0, "finished": False}, {"seconds": 31.0, "finished": False}, True),
    ],
)
def test_a_pick_is_good_within_a_fifth_or_a_tenth_of_a_second_of_the_fastest(
    picked: dict[str, Any], other: dict[str, Any], good: bool
) -> None:
    found = case("a", measured("a", **picked), measured("b", **other))
    assert is_good(found) is good


def test_without_the_floor_a_tenth_of_a_second_is_a_difference() -> None:
    found = case("a", measured("a", 0.09), measured("b", 0.01))
    assert is_good(found) and not is_good(found, floor=0)


def test_without_a_single_exact_pick_there_is_nothing_to_judge() -> None:
    assert is_good(case(None, measured("a", 1))) is None
    assert is_good(case("b", measured("a", 1), measured("b", 0, status="impossible"))) is None


def test_picks_are_held_against_the_best_paradigm_of_the_archetype_in_hindsight() -> None:
    cases = [
        case("a", measured("a", 1.0), measured("b", 9.0), seed=0),
        case("a", measured("a", 9.0), measured("b", 1.0), seed=1),
        case("a", measured("a", 9.0), measured("b", 1.0), seed=2),
        case("a", measured("a", 1.0), measured("b", 1.1), seed=3),
    ]
    assert where_it_matters(cases) == cases[:3]
    assert best_constant(cases) == 3  # b, where a is picked
    told = str(document(cases, STARTS, 30)["note"])
    assert "On 3 instances it matters what is picked; there 1 picks are good." in told
    assert "would be good on 3 of 4." in told


def test_the_table_has_medians_and_the_note_the_share_of_good_picks() -> None:
    cases = [
        case("a", measured("a", 1.0), measured("b", 9.0, relaxed=99.0, nodes=1), seed=0),
        case("a", measured("a", 3.0, nodes=9), measured("b", 5.0, relaxed=98.0, nodes=1), seed=1),
        case(
            "b",
            measured("a", 2.0, relaxed=80.0, nodes=None, start=2),
            measured("b", 7.0, finished=False, status="kTimeLimit", objective=120.0, nodes=1),
            seed=2,
        ),
    ]
    result: Any = json.loads(json.dumps(document(cases, STARTS, 30)))
    assert result["summary"] == [
        {"archetype": "bin_packing", "size": 8, "paradigm": "a", "picked": "2 of 3",
         "variables": 20, "rows": 10, "LP gap %": 10.0, "nodes": 8, "s": 2.0,
         "finished": "3 of 3"},
        {"archetype": "bin_packing", "size": 8, "paradigm": "b", "picked": "1 of 3",
         "variables": 20, "rows": 10, "LP gap %": 2.0, "nodes": 1, "s": 9.0,
         "finished": "2 of 3"},
    ]  # fmt: skip
    for told in (
        *("on 2 of 3 instances (67%", "did not finish counts as 30 s"),
        *("bin_packing 2 of 3", "two cores; commit 0123 and 4567."),
    ):
        assert told in result["note"]
    share, strict, first, second = result["measurements"]
    assert (share["floor"], strict["floor"], strict["value"]) == (0.1, 0, share["value"])
    assert share["value"] == pytest.approx(2 / 3)
    assert share["spread"][0] < 2 / 3 < share["spread"][1]
    assert (share["seed"], share["starts"]) == ([0, 1, 2], [0, 2])
    assert (first["value"], first["spread"], first["values"]) == (2, [1, 3], [1, 3, 2])
    assert second["values"] == [9, 5, 30]
    assert second["lp_gaps"] == pytest.approx([1, 2, 10])
    assert result["starts"][2]["commit"] == "4567"


def test_the_note_tells_the_orders_that_the_median_is_of() -> None:
    found = case("a", measured("a", 2.0, by_order=(2.0, 1.0, 9.0)), measured("b", 3.0))
    assert "in up to 3 orders" in str(document([found], STARTS, 30)["note"])


# ------------------------------------------------------------------------------------ the bench


@pytest.fixture
def wish(monkeypatch: pytest.MonkeyPatch) -> Wish:
    monkeypatch.setattr(cutting_stock, "SIZES", (4,))
    return Wish(("cutting_stock",), seeds=2, limit=20.0)


def kept(path: Path) -> list[tuple[int, str]]:
    return [
        (line["seed"], line["paradigm"])
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if "at" not in line
    ]


ALL = [(seed, paradigm) for seed in (0, 1) for paradigm in BOTH]


def test_an_interrupted_bench_continues_with_what_is_missing(wish: Wish, tmp_path: Path) -> None:
    path = tmp_path / "in" / "paradigms.jsonl"
    told: list[str] = []

    def interrupt(line: str) -> None:
        told.append(line)
        if line.startswith("[2/4]"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(wish, path, START, interrupt)
    assert kept(path) == ALL[:2]
    with path.open("a", encoding="utf-8") as file:
        file.write('{"archetype": "cutting_st')  # the process died while it wrote this
    told.clear()
    result = run(wish, path, {**START, "commit": "4567"}, told.append)
    assert told[0] == "continuing: 2 of 4 measurements are there"
    assert [line.partition(" ")[0] for line in told[1:]] == ["[3/4]", "[4/4]"]
    assert kept(path) == ALL
    with Lines(path) as lines:
        assert [item.start for item in lines.measurements] == [0, 0, 1, 1]
    before = path.read_bytes()
    told.clear()
    again = run(wish, path, START, told.append)
    assert again == result and path.read_bytes() == before
    assert told == ["continuing: 4 of 4 measurements are there"]


def test_what_was_measured_before_and_is_not_asked_for_is_in_the_table_as_well(
    wish: Wish, tmp_path: Path
) -> None:
    path = tmp_path / "paradigms.jsonl"
    run(wish, path, START, lambda _: None)
    result: Any = run(Wish(wish.archetypes, 1, wish.limit), path, START, lambda _: None)
    assert [row["finished"] for row in result["summary"]] == ["2 of 2", "2 of 2"]


def test_another_limit_or_another_instance_is_measured_anew(
    wish: Wish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paradigms.jsonl"
    run(wish, path, START, lambda _: None)
    shorter = Wish(wish.archetypes, 1, 10.0)
    result: Any = run(shorter, path, START, lambda _: None)
    assert kept(path) == ALL + ALL[:2]
    assert [row["finished"] for row in result["summary"]] == ["1 of 1", "1 of 1"]
    monkeypatch.setattr(cutting_stock, "SPARE", 1)
    run(shorter, path, START, lambda _: None)
    assert kept(path) == ALL + 2 * ALL[:2]


def test_a_disagreement_stops_the_bench(wish: Wish, tmp_path: Path) -> None:
    path = tmp_path / "paradigms.jsonl"
    run(wish, path, START, lambda _: None)
    first, wrong, *rest = path.read_text(encoding="utf-8").splitlines()
    line = {**json.loads(wrong), "objective": 1.0}
    path.write_text("\n".join([first, json.dumps(line), *rest]) + "\n", encoding="utf-8")
    with pytest.raises(ModelError, match="Paradigms disagree on cutting_stock size 4 seed 0"):
        run(wish, path, START, lambda _: None)


def test_a_file_that_another_process_writes_or_that_holds_something_else_is_refused(
    wish: Wish, tmp_path: Path
) -> None:
    path = tmp_path / "paradigms.jsonl"
    with Lines(path), pytest.raises(StoreError, match="R2C-B083"):
        run(wish, path, START, lambda _: None)
    path.write_text("[1]\n", encoding="utf-8")
    with pytest.raises(StoreError, match="R2C-B084"):
        run(wish, path, START, lambda _: None)


def test_the_command_writes_the_result_beside_its_measurements(wish: Wish, tmp_path: Path) -> None:
    out = tmp_path / "paradigms.json"
    words = ["paradigms", "--archetype", "cutting_stock", "--seeds", "1", "--limit", "20"]
    done = CliRunner().invoke(app, [*words, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["note"] in done.stdout and "[2/2]" in done.stderr
    assert [row["paradigm"] for row in result["summary"]] == BOTH
    assert result["starts"][0]["commit"]
    assert kept(out.with_suffix(".jsonl")) == ALL[:2]


def test_a_wrong_name_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    for words, code in (
        (["--archetype", "linear"], "B080"),
        (["--archetype", "bin_packing"], "B051"),
    ):
        out = tmp_path / ("Paradigms.json" if code == "B051" else "paradigms.json")
        with pytest.raises(InputError, match=code):
            CliRunner().invoke(
                app, ["paradigms", *words, "--out", str(out)], catch_exceptions=False
            )
    assert list(tmp_path.iterdir()) == []
