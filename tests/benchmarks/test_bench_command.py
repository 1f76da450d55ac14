"""The commands, from a bench folder to figures, with a scripted model in place of an endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from r2c.errors import InputError
from r2c.llm.testing import ScriptedModel
from r2c.settings import Settings
from r2c_benchmarks.command import app
from r2c_benchmarks.registry import method_names
from r2c_benchmarks.schema_prompt import EXAMPLES
from r2c_benchmarks.start import Wish, options_of, run_with, wanted

ANSWER = EXAMPLES[2][1]


@pytest.fixture
def wish(tmp_path: Path) -> Wish:
    for file, count in (("a", 2), ("b", 1)):
        lines = [
            {"id": f"{file}-{n}", "problem": "Grow.", "answer": 1320 + n, "trust": "A-ref"}
            for n in range(count)
        ]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / f"{file}.jsonl").write_text(text)
    (tmp_path / "some.ids").write_text("a.jsonl a-0\nb.jsonl b-0\na.jsonl a-1\n")
    return Wish(tmp_path, tmp_path / "some.ids", "schema", out=tmp_path / "run", seconds=60)


def finished(wish: Wish) -> Path:
    return run_with(wish, wanted(wish), Settings(), ScriptedModel([ANSWER] * 3))


def called(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_run_leaves_a_manifest_that_tells_how_it_was_made(wish: Wish) -> None:
    manifest = json.loads((finished(wish) / "manifest.json").read_text())
    assert (manifest["method"], manifest["model"], manifest["count"]) == ("schema", "scripted", 3)
    assert manifest["options"] == {"temperature": 0.0, "max_tokens": 4096}
    (start,) = manifest["starts"]
    assert start["versions"]["pyomo"] and "cores" in start["machine"] and start["at"]


def test_score_shows_right_and_wrong(wish: Wish) -> None:
    lines = called("score", finished(wish)).splitlines()
    assert lines[1].split()[:6] == ["schema", "trusted", "labels", "3", "2", "66.7%"]


def test_score_tells_a_program_the_same(wish: Wish) -> None:
    told = json.loads(called("score", finished(wish), "--json"))
    assert (told["summary"][0]["right"], told["summary"][0]["n"]) == (2, 3)


def test_a_manifest_says_how_many_problems_of_each_file_are_wanted(wish: Wish) -> None:
    manifest = json.loads((finished(wish) / "manifest.json").read_text())
    assert manifest["files"] == {"a.jsonl": 2, "b.jsonl": 1}


def test_a_run_compared_with_itself_differs_by_nothing(wish: Wish) -> None:
    run = finished(wish)
    assert "+0.0 points on 3 problems" in called("compare", run, run)


def test_methods_lists_all() -> None:
    told = called("methods")
    listed = [line.split()[0] for line in told.splitlines()]
    assert listed == sorted(method_names())


def test_a_part_of_a_list_can_be_taken(wish: Wish) -> None:
    part = Wish(wish.bench, wish.ids, "schema", only=("a",), limit=1)
    assert [name.id for name in wanted(part)] == ["a-0"]
    with pytest.raises(InputError, match="R2C-B010"):
        wanted(Wish(wish.bench, wish.ids, "schema", only=("c.jsonl",)))


@pytest.mark.parametrize(
    ("text", "value"), [("n=3", 3), ("n=0.5", 0.5), ("n=false", False), ("n=two", "two")]
)
def test_options_are_json_or_plain_text(wish: Wish, text: str, value: object) -> None:
    wished = Wish(wish.bench, wish.ids, "schema", options=(text,))
    assert options_of(wished) == {"n": value}


@pytest.mark.parametrize("text", ["n", "=3", "a b=1"])
def test_an_option_without_name_or_value_is_refused(wish: Wish, text: str) -> None:
    with pytest.raises(InputError, match="R2C-B022"):
        options_of(Wish(wish.bench, wish.ids, "schema", options=(text,)))


def test_loading_the_commands_loads_nothing_heavy() -> None:
    listed = "import sys, r2c_benchmarks.command; print(*sys.modules)"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", listed], env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "typer" in loaded
    assert loaded & {"pydantic", "pyomo", "highspy", "numpy", "r2c.errors", "openai"} == set()


def test_another_seed_does_not_continue_a_run(wish: Wish) -> None:
    finished(wish)
    other = Wish(wish.bench, wish.ids, "schema", out=wish.out, seconds=60, seed=1)
    with pytest.raises(InputError, match="R2C-B030"):
        run_with(other, wanted(other), Settings(), ScriptedModel([]))
