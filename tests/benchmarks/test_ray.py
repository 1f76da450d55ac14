"""A run over two processes of a Ray cluster leaves the same records as any other run."""

from __future__ import annotations

import json
import pickle
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from r2c.cli.main import app
from r2c.llm.record import RecordingModel
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings, load_settings
from r2c_benchmarks.folder import read_records
from r2c_benchmarks.items import read_items
from r2c_benchmarks.on_ray import Worker, run_on_ray
from r2c_benchmarks.record import Record
from r2c_benchmarks.start import Wish, run_with, wanted

PROGRAM = (
    "```python\nimport pyomo.environ as pyo\nmodel = pyo.ConcreteModel()\n"
    "model.x = pyo.Var(domain=pyo.NonNegativeReals)\n"
    "model.c = pyo.Constraint(expr=model.x <= 4)\n"
    "model.o = pyo.Objective(expr=3 * model.x, sense=pyo.maximize)\n```"
)


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    lines = [
        {"id": f"b-{k}", "problem": f"Build at most 4 boxes, {k}.", "answer": 12, "trust": "A-hand"}
        for k in range(5)
    ]
    (tmp_path / "boxes.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    return tmp_path


def wish(bench: Path, out: Path) -> Wish:
    return Wish(bench=bench, ids=bench / "boxes.jsonl", method="direct", out=out)


def test_without_ray_the_run_says_what_to_install(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    command = ["bench", "run", "--bench", str(bench), "--ids", str(bench / "boxes.jsonl")]
    result = CliRunner().invoke(app, [*command, "--method", "direct", "--ray"])
    assert result.exit_code != 0
    assert "R2C-B098" in str(result.exception) + result.output


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
def test_a_worker_has_the_keys_and_asks_the_endpoint_whose_turn_it_is(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [Settings(model=f"http://{host}/v1", api_key=SecretStr("open")) for host in "ab"]
    models = {one.model: ScriptedModel(lambda call: PROGRAM) for one in told}
    keys: list[str] = []

    def connect(settings: Settings) -> ScriptedModel:
        keys.append(settings.api_key.get_secret_value() if settings.api_key else "")
        return models[settings.model]

    monkeypatch.setattr("r2c_benchmarks.on_ray.connect", connect)
    asked = wish(bench, tmp_path / "run")
    passed_on = pickle.loads(pickle.dumps(told))  # noqa: S301 - our own, as Ray does it
    worker = Worker(asked, passed_on)
    with closing(worker):
        for number, item in enumerate(read_items(bench, wanted(asked))):
            row = worker({"item": item.model_dump_json(), "first": number % 2})
            assert Record.model_validate_json(row["record"]).objective == pytest.approx(12)
    assert [len(model.calls) for model in models.values()] == [3, 2]
    assert keys == ["open", "open"]


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")  # Ray warns of its own settings
def test_two_workers_attempt_each_problem_once_and_a_killed_run_continues(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = tmp_path / "said.jsonl"
    plain = wish(bench, tmp_path / "plain")
    model = RecordingModel(ScriptedModel(lambda call: PROGRAM), recording)
    run_with(plain, wanted(plain), load_settings(), model)

    monkeypatch.setenv("R2C_REPLAY", str(recording))
    spread = Wish(**{**plain.__dict__, "out": tmp_path / "ray", "concurrency": 2})
    run_on_ray(spread, wanted(spread), load_settings())
    left = (tmp_path / "ray" / "results.jsonl").read_text().splitlines(keepends=True)
    assert len(left) == 5
    (tmp_path / "ray" / "results.jsonl").write_text("".join(left[:2]))
    run_on_ray(spread, wanted(spread), load_settings())

    def told(folder: str) -> list[tuple[str, str, float | None]]:
        records = read_records(tmp_path / folder)
        return sorted((one.id, one.outcome, one.objective) for one in records)

    assert told("ray") == told("plain")
    assert len(told("plain")) == 5
