"""`r2c answer` on the command line, and answers to `r2c solve`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ambiguous_texts import POTTERY
from running import invoke, only_json, write_cir
from typer.testing import Result

from r2c.cli import formulating
from r2c.formulation import Formulation

QUESTION = "said_twice_s3_s6"
DEMAND = {
    "sets": [{"name": "Cities", "elements": ["Vienna", "Graz"]}],
    "parameters": [
        {
            "name": "demand",
            "over": ["Cities"],
            "unit": "kg",
            "value": {"kind": "table", "table": "demand", "keys": ["city"], "value": "demand"},
        }
    ],
    "decisions": [{"name": "ship", "over": ["Cities"], "unit": "kg"}],
    "rules": [
        {
            "id": "needs",
            "forall": "for c in Cities",
            "operands": {"relation": "ship[c] >= demand[c]"},
        }
    ],
    "objectives": [{"sense": "min", "expr": "sum(ship[c] for c in Cities)"}],
}


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A job that has asked which of two limits holds; its run ends with how to answer."""
    monkeypatch.setattr(formulating, "connect", lambda settings, progress: POTTERY.model())
    done = r2c(tmp_path, "formulate", POTTERY.text)
    assert done.exit_code == 0, done.output
    told = done.stderr.splitlines()[-1]
    assert told.startswith("To answer: r2c answer ")
    assert told.endswith(f" {QUESTION}=VALUE")
    return told.split()[4]


def r2c(folder: Path, *arguments: str) -> Result:
    done: Result = invoke(*arguments, R2C_DATA_DIR=str(folder), R2C_SAMPLES="3")
    return done


def test_a_question_is_shown_with_its_answers_and_what_each_comes_to(
    job: str, tmp_path: Path
) -> None:
    page = r2c(tmp_path, "answer", job).stdout
    words = " ".join(page.split())
    assert f"Question {QUESTION}" in page
    assert "60: 60 holds, as sentence 3 says" in words
    assert "Without an answer: 54, because" in words
    assert "If 60 holds, as sentence 3 says: 278; if 54 holds, as sentence 6 says: 250." in words
    assert "Outcome  optimal, 250" in page


def test_an_answer_goes_on_with_the_job_and_is_shown_and_explained(
    job: str, tmp_path: Path
) -> None:
    done = r2c(tmp_path, "answer", job, f"{QUESTION}=60", "--json", "--quiet")
    assert done.exit_code == 0, done.output
    answer = Formulation.model_validate(only_json(done.stdout))
    assert answer.objective == pytest.approx(278)
    saved = tmp_path / "answer.json"
    saved.write_text(done.stdout, encoding="utf-8")
    page = r2c(tmp_path, "explain", str(saved)).stdout
    assert "Answered" in page
    assert "→ 60 (60 holds, as sentence 3 says)" in " ".join(page.split())
    assert r2c(tmp_path, "jobs", "list").stdout.startswith(job)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["hours"], "R2C-X130"),
        ([f"{QUESTION}="], "R2C-X130"),
        ([f"{QUESTION}=60", f"{QUESTION}=54"], "R2C-X131"),
        ([f"{QUESTION}=12"], "R2C-V051"),
        (["hours=60"], "R2C-V050"),
    ],
)
def test_what_is_no_answer_is_told(job: str, given: list[str], code: str, tmp_path: Path) -> None:
    done = r2c(tmp_path, "answer", job, *given, "--json", "--quiet")
    assert done.exit_code == 2
    assert only_json(done.stdout)["error"]["code"] == code


def test_a_model_is_solved_with_answers_about_its_data(tmp_path: Path) -> None:
    model = write_cir(tmp_path, **DEMAND)
    table = tmp_path / "demand.csv"
    table.write_text("city,demand\nVienna,\nGraz,3\n", encoding="utf-8")
    asked = r2c(tmp_path, "solve", model, "--data", str(table), "--json")
    assert asked.exit_code == 8
    [question] = only_json(asked.stdout)["questions"]
    assert (question["id"], question["unit"]) == ("demand_Vienna", "kg")
    for said, objective in (("7", 10), ("0.5 t", 503), ("2500 g", 5.5)):
        done = r2c(
            tmp_path,
            "solve", model, "--data", str(table), "--answer", f"demand_Vienna={said}", "--json",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        answer = json.loads(done.stdout)
        assert answer["objective"] == pytest.approx(objective)
        [kept] = answer["cir"]["questions"]
        assert (kept["id"], kept["answer"]) == ("demand_Vienna", f"{objective - 3:g}")
    for wrong, code in (("7 litres", "R2C-V054"), ("-1", "R2C-V053")):
        done = r2c(
            tmp_path,
            "solve", model, "--data", str(table), "--answer", f"demand_Vienna={wrong}", "--json",
        )  # fmt: skip
        assert only_json(done.stdout)["error"]["code"] == code
