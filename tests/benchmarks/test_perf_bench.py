"""The ways of the perf bench pass one model; the bench continues, compares and tells."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from r2c.cir.instance import bind
from r2c.cir.read_text import read_text
from r2c.errors import InputError, ModelError, StoreError
from r2c.model.reformulate import reformulate
from r2c_benchmarks.command import app
from r2c_benchmarks.perf import bench, child
from r2c_benchmarks.perf.bench import Wish, require_same, run
from r2c_benchmarks.perf.measurement import Measurement, Place
from r2c_benchmarks.perf.models import find_model, model_names
from r2c_benchmarks.perf.report import document
from r2c_benchmarks.perf.ways import WAYS, Way

sys.path.append(str(Path(__file__).parents[1] / "model"))

from matrices import same_both_ways

pytestmark = pytest.mark.slow

START: dict[str, Any] = {"at": "now", "command": "c", "commit": "0123", "machine": "two cores"}
MODELS = ("assignment", "lot_sizing", "sparse_network", "transport")


def measured(way: str, seconds: float, **figures: Any) -> Measurement:
    told = {
        "model": "transport", "variables": 100, "repeat": 0, "seed": 0, "digest": "d",
        "processor": seconds, "added": 1_000_000, "peak": 2_000_000, "columns": 100, "rows": 20,
        "entries": 200, "sums": (1000.0, 0.0),
    }  # fmt: skip
    return Measurement(**{**told, "way": way, "seconds": seconds, **figures})


def test_the_folder_is_the_list_of_models() -> None:
    assert model_names() == MODELS


@pytest.mark.parametrize("name", MODELS)
def test_r2c_writes_the_model_without_falling_back_and_as_pyomo_does(name: str) -> None:
    from r2c.archetypes.load import standard_library

    model = find_model(name)
    cir = read_text(model.CIR)
    instance = bind(cir, arrays=model.data(300, 1)).require()
    written = same_both_ways(reformulate(cir, standard_library(), instance), instance)
    assert written is not None and written.singly == {}


@pytest.mark.parametrize("name", MODELS)
def test_the_ways_pass_the_same_model(name: str) -> None:
    pytest.importorskip("linopy")
    about = {"model": name, "variables": 400, "repeat": 0, "seed": 1, "digest": ""}
    found = [
        Measurement.model_validate({**about, "way": way, **child.measured(name, way, 400, 1)})
        for way in WAYS
    ]
    require_same(found)
    assert all(item.seconds > 0 and item.peak > 0 for item in found)


def test_other_models_are_told_apart() -> None:
    require_same([measured("r2c", 1), measured("pyomo", 9, sums=(1000.0, 1e-10))])
    for other in ({"rows": 21}, {"sums": (1000.1, 0.0)}):
        with pytest.raises(ModelError, match="R2C-B103"):
            require_same([measured("r2c", 1), measured("pyomo", 9, **other)])


def test_a_result_has_ratios_repeat_by_repeat_with_their_spread() -> None:
    found = [
        measured("r2c", 1.0), measured("pyomo", 20.0, added=9_000_000),
        measured("r2c", 2.0, repeat=1), measured("pyomo", 20.0, repeat=1, added=9_000_000),
    ]  # fmt: skip
    result: Any = document(found, [START])
    rows = result["summary"]
    assert rows[1]["way"] == "pyomo" and rows[1]["ratio of"] == "pyomo / r2c"
    assert rows[1]["time"] == "15 (10 to 20)" and rows[1]["memory"] == "9 (9 to 9)"
    assert (rows[0]["ratio of"], rows[0]["time"], rows[0]["memory"]) == ("", "", "")
    assert "At 100 variables pyomo takes 15 to 15 times the time of R2C." in result["note"]
    listed = {item["name"]: item for item in json.loads(json.dumps(result["measurements"]))}
    ratio = listed["transport 100 pyomo seconds pyomo / r2c"]
    assert (ratio["value"], ratio["spread"], ratio["values"]) == (15.0, [10.0, 20.0], [20.0, 10.0])
    assert ratio["seed"] == 0 and ratio["starts"] == [0]


@pytest.mark.parametrize(
    ("variables", "seconds", "time", "aimed_at"),
    [
        (1_000_000, 0.5, "2 (2 to 2)", "at most 2, met"),
        (1_000_000, 0.0081, "123 (123 to 123)", "at most 2, missed"),
        (100, 0.0005, "2000 (2000 to 2000)", ""),
    ],
)
def test_r2c_is_held_against_highspy_and_the_target_stands_beside_it(
    variables: int, seconds: float, time: str, aimed_at: str
) -> None:
    pair = [measured("r2c", 1.0, variables=variables)]
    pair.append(measured("highspy", seconds, variables=variables))
    result: Any = document(pair, [START])
    row = result["summary"][1]
    assert (row["ratio of"], row["time"], row["aimed at"]) == ("r2c / highspy", time, aimed_at)
    assert f"R2C takes {time.split()[0]} to" in result["note"]


@pytest.mark.parametrize(
    ("way", "seconds", "aimed_at"),
    [
        ("pyomo", 10.0, "at least 10, met"),
        ("pyomo", 9.9, "at least 10, missed"),
        ("linopy", 0.9, "at least 1, missed"),
    ],
)
def test_the_targets_of_slower_ways_stand_beside_them(
    way: str, seconds: float, aimed_at: str
) -> None:
    pair = [measured("r2c", 1.0, variables=1_000_000)]
    pair.append(measured(way, seconds, variables=1_000_000))
    result: Any = document(pair, [START])
    assert result["summary"][1]["aimed at"] == aimed_at


def test_a_result_can_be_told_again_from_what_is_kept(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "perf.jsonl"
    lines = [json.dumps(START), *(measured(way, 1.0).model_dump_json() for way in WAYS)]
    path.write_text("\n".join([*lines, measured("r2c", 2.0, repeat=1).model_dump_json(), ""]))
    monkeypatch.setattr(bench, "measure", None)
    words = ["perf", "--again", "--out", str(tmp_path / "perf.json")]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0 and "r2c / highspy" in done.output
    told = json.loads((tmp_path / "perf.json").read_text())
    assert [row["repeats"] for row in told["summary"]] == [1] * len(WAYS)
    with pytest.raises(InputError, match="R2C-B120"):
        bench.told_again(tmp_path / "other.jsonl")
    assert not (tmp_path / "other.jsonl").exists()


def test_a_bench_that_was_interrupted_goes_on(tmp_path: Path, monkeypatch: Any) -> None:
    asked: list[tuple[Place, str]] = []

    def measure(place: Place, way: Way, seed: int, start: int = 0) -> Measurement:
        asked.append((place, way))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return measured(way, 1.0, variables=place.variables, repeat=place.repeat, start=start,
                        digest=bench.digest(place.model, way, seed))  # fmt: skip

    monkeypatch.setattr(bench, "measure", measure)
    monkeypatch.setattr(bench, "PACKAGES", ("numpy",))
    wish, path = Wish(("transport",), (100,), 2), tmp_path / "perf.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(wish, path, START, lambda line: None)
    lines: list[str] = []
    run(wish, path, START, lines.append)
    assert len(asked) == 3 + 8, "a repeat that was interrupted is made anew, all ways in one run"
    assert lines[0].startswith("[1/2] transport 100 r2c repeat 0: 1.000 s")
    more = Wish(("transport",), (100, 200), 2)
    result = run(more, path, START, lines.append)
    assert len(asked) == 3 + 8 + 8 and "continuing: 2 of 4 repeats are there" in lines
    assert len(result["starts"]) == 3  # type: ignore[arg-type]
    again = run(wish, path, START, lines.append)
    assert len(asked) == 3 + 8 + 8
    assert again["summary"] == result["summary"], "the result tells of all that was measured"
    run(Wish(("transport",), (100,), 2, seed=1), path, START, lines.append)
    assert len(asked) == 3 + 8 + 8 + 8


def test_what_cannot_be_measured_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    with pytest.raises(InputError, match="R2C-B101"):
        run(Wish(("bakery",)), tmp_path / "perf.jsonl", START, lambda line: None)
    monkeypatch.setattr(bench, "PACKAGES", ("no_such_package",))
    with pytest.raises(InputError, match="R2C-B100"):
        run(Wish(("transport",)), tmp_path / "perf.jsonl", START, lambda line: None)
    with pytest.raises(StoreError, match="R2C-B102"):
        bench.measure(Place("transport", -1, 0), "highspy", -5)
    monkeypatch.setattr(bench, "LIMIT", 0.01)
    with pytest.raises(StoreError, match=r"stopped after 0\.01 s"):
        bench.measure(Place("transport", 100, 0), "highspy", 0)


def test_the_command_writes_the_result(tmp_path: Path, monkeypatch: Any) -> None:
    def measure(place: Place, way: Way, seed: int, start: int = 0) -> Measurement:
        return measured(way, 1.0, repeat=place.repeat, digest=bench.digest(place.model, way, seed))

    monkeypatch.setattr(bench, "measure", measure)
    monkeypatch.setattr(bench, "PACKAGES", ("numpy",))
    out = tmp_path / "perf.json"
    words = ["perf", "--model", "transport", "--size", "100", "--repeats", "1", "--out", str(out)]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    result = json.loads(out.read_text())
    assert [row["way"] for row in result["summary"]] == list(WAYS)
    assert result["starts"][0]["machine"]


def test_a_measurement_prints_one_line() -> None:
    words = [sys.executable, "-m", "r2c_benchmarks.perf.child", "transport", "highspy", "100", "0"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["columns"] == 100 and found["entries"] == 200
