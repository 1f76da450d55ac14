"""`r2c formulate` from words to an answer, with a scripted model; a dead or mute endpoint."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running import COMMAND, EXAMPLES, ROOT, environment, invoke, only_json
from typer.testing import Result

from r2c.cli import formulating
from r2c.formulation import Formulation, Outcome, Trust
from r2c.llm.failures import UNREACHABLE
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem

BAKERY = str(EXAMPLES / "bakery.txt")
SENTENCES = {
    "profit of 4": "profit[rye_loaves] = 4\nprofit[trays_of_buns] = 5",
    "flour": "flour[rye_loaves] = 1\nflour[trays_of_buns] = 2\nflour <= 80",
    "oven": "oven[rye_loaves] = 12\noven[trays_of_buns] = 8\noven <= 640",
    "at least 25": "trays_of_buns >= 25",
}
DECISIONS = "rye_loaves: rye loaves to bake\ntrays_of_buns: trays of buns to bake"


def reads_the_bakery(call: Call) -> Answer:
    if call.purpose == "decisions":
        return DECISIONS
    if call.purpose == "objective":
        return "maximize profit"
    asked = call.messages[-1].content
    return next((text for words, text in SENTENCES.items() if words in asked), "none")


def fails_at_the_oven(call: Call) -> Answer:
    if "oven" in call.messages[-1].content and call.purpose.startswith("sentence"):
        return UNREACHABLE(url="http://127.0.0.1:9/v1", reason="it went away")
    return reads_the_bakery(call)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ScriptedModel]]:
    """The models that the next commands connect to, in order."""
    waiting: list[ScriptedModel] = []
    monkeypatch.setattr(formulating, "connect", lambda settings, progress: waiting.pop(0))
    yield waiting
    assert waiting == []


def formulate(folder: Path, *arguments: str, stdin: str | None = None) -> Result:
    done: Result = invoke(
        "formulate", *arguments, stdin=stdin, R2C_DATA_DIR=str(folder), R2C_SAMPLES="3"
    )
    return done


def test_words_become_sentence_rule_equation_plan_outcome_and_trust(
    models: list[ScriptedModel], tmp_path: Path
) -> None:
    models.append(ScriptedModel(reads_the_bakery))
    done = formulate(tmp_path, BAKERY)
    assert done.exit_code == 0, done.output
    page = done.stdout
    told = [
        "“The café next door has ordered at least 25 trays of buns.”",
        "rye_loaves + 2·trays_of_buns    ≤ 80",
        "maximize 4·rye_loaves + 5·trays_of_buns",
        "Plan",
        "Outcome  optimal, 245",
        "Trust    ",
        "Cost     6 calls of the language model",
    ]
    assert [part for part in told if part not in page] == []
    assert "decisions: To decide: rye_loaves, trays_of_buns" in done.stderr
    assert "objective: maximize profit" in done.stderr


def test_json_holds_the_answer_and_nothing_else_is_on_standard_output(
    models: list[ScriptedModel], tmp_path: Path
) -> None:
    models.append(ScriptedModel(reads_the_bakery))
    text = Path(BAKERY).read_text(encoding="utf-8")
    done = formulate(tmp_path, "--json", "--quiet", "--samples", "1", stdin=text)
    assert done.exit_code == 0, done.output
    answer = only_json(done.stdout)
    assert {"outcome", "trust", "objective", "cir", "evidence"} <= answer.keys()
    assert answer["objective"] == pytest.approx(245)
    assert Formulation.model_validate(answer).usage.calls > 0
    assert done.stderr == ""


def test_a_job_that_was_cut_off_tells_how_to_go_on_and_goes_on_there(
    models: list[ScriptedModel], tmp_path: Path
) -> None:
    models.append(ScriptedModel(fails_at_the_oven))
    broken = formulate(tmp_path, BAKERY)
    assert broken.exit_code == 7, broken.output
    assert "R2C-L" in broken.stderr
    job = broken.stderr.partition("r2c formulate --resume ")[2].split()[0]
    second = ScriptedModel(reads_the_bakery)
    models.append(second)
    done = formulate(tmp_path, "--resume", job, "--json")
    assert done.exit_code == 0, done.output
    assert only_json(done.stdout)["objective"] == pytest.approx(245)
    asked = [call.purpose for call in second.calls]
    assert "decisions" not in asked
    assert "objective" in asked


def test_out_keeps_the_answer_of_a_formulation(models: list[ScriptedModel], tmp_path: Path) -> None:
    models.append(ScriptedModel(reads_the_bakery))
    done = formulate(tmp_path / "jobs", BAKERY, "--out", str(tmp_path / "kept"))
    assert done.exit_code == 0, done.output
    kept = json.loads((tmp_path / "kept" / "answer.json").read_text(encoding="utf-8"))
    assert kept["outcome"] == "optimal"
    assert (tmp_path / "kept" / "model.lp").read_text(encoding="utf-8")


def test_a_text_that_cannot_be_read_connects_to_no_model(
    models: list[ScriptedModel], tmp_path: Path
) -> None:
    for arguments, stdin in (([], ""), (["? !"], None), ([BAKERY, "--data", "none.csv"], None)):
        done = formulate(tmp_path, *arguments, stdin=stdin)
        assert done.exit_code == 2, done.output
        assert done.stderr.startswith("error R2C-P")


def test_an_unknown_job_is_an_input_error_and_connects_to_no_model(
    models: list[ScriptedModel], tmp_path: Path
) -> None:
    done = formulate(tmp_path, "--resume", "0123456789abcdef")
    assert done.exit_code == 2
    assert "R2C-G030" in done.stderr


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        (["a text of words"], "a text"),
        (["--file", "-"], "a text"),
        (["--data", "none.csv"], "tables"),
        (["--samples", "3"], "the number of samples"),
        (
            ["nowhere.txt", "--data", "none.csv", "--samples", "3"],
            "a text and tables and the number",
        ),
    ],
)
@pytest.mark.parametrize("ended", [True, False])
def test_what_a_resumed_job_would_drop_is_refused(
    beside: list[str], told: str, ended: bool, models: list[ScriptedModel], tmp_path: Path
) -> None:
    store = JobStore(tmp_path)
    with store.begun(read_problem(Path(BAKERY).read_text(encoding="utf-8"))) as job:
        if ended:
            problem = store.problem(job)
            answer = Formulation(problem=problem, outcome=Outcome.LIMIT, trust=Trust.PLAUSIBLE)
            store.finish(job, answer)
    done = formulate(tmp_path, "--resume", job, *beside, stdin="")
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith("error R2C-G042: ")
    assert told in " ".join(done.stderr.split())


def test_a_job_at_work_is_refused_before_a_model_is_connected(
    models: list[ScriptedModel], tmp_path: Path
) -> None:
    store = JobStore(tmp_path)
    with store.begun(read_problem(Path(BAKERY).read_text(encoding="utf-8"))) as job:
        done = formulate(tmp_path, "--resume", job, "--json")
    assert done.exit_code == 7, done.output
    assert only_json(done.stdout)["error"]["code"] == "R2C-G033"
    assert "--resume" not in done.stderr


def test_an_endpoint_that_is_down_is_status_7_with_three_sentences(tmp_path: Path) -> None:
    done = invoke(
        "formulate", BAKERY, "--json",
        R2C_MODEL="http://127.0.0.1:9/v1#m", R2C_DATA_DIR=str(tmp_path), R2C_RETRIES="0",
    )  # fmt: skip
    assert done.exit_code == 7
    fault = only_json(done.stdout)["error"]
    assert fault["code"].startswith("R2C-L")
    assert "127.0.0.1:9" in fault["what"]


@contextmanager
def mute_server() -> Iterator[tuple[int, threading.Event]]:
    """A port that takes connections and never says a word; the event tells of the first."""
    asked = threading.Event()
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    kept.append(listener.accept()[0])
                except OSError:
                    return
                asked.set()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1], asked
        for connection in kept:
            connection.close()


def test_ctrl_c_while_a_model_is_silent_ends_at_once(tmp_path: Path) -> None:
    with mute_server() as (port, asked):
        process = subprocess.Popen(
            [*COMMAND, "formulate", BAKERY],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env=environment(R2C_MODEL=f"http://127.0.0.1:{port}/v1#m", R2C_DATA_DIR=str(tmp_path)),
        )
        try:
            assert asked.wait(120)
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, err
    assert time.monotonic() - began < 12
    assert out == ""
    assert "Traceback" not in err
