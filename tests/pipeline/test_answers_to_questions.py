"""An answer goes on with the same job, is kept whatever happens, and can be given again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from ambiguous_texts import FLORIST, POTTERY
from readers import BAKERY, Told, asked, passes_its_checks

from r2c.errors import InputError, StoreError
from r2c.formulation import Event, Outcome
from r2c.llm.testing import ScriptedModel
from r2c.pipeline.answering import aanswer, answer
from r2c.pipeline.api import formulate
from r2c.pipeline.store import JobStore
from r2c.problem.read import read_problem
from r2c.settings import Settings

QUESTION = "said_twice_s3_s6"
DEAD = "http://127.0.0.1:9/v1#nobody"
"""An endpoint that nobody serves: who connects to it fails."""


def job_of(told: Told, settings: Settings) -> str:
    heard: list[Event] = []
    formulate(told.text, settings=settings, model=told.model(), on_event=heard.append)
    return str(heard[0].details["job"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "calls"),
    [
        ("recorded", ["sentence 4"]),
        ("sentence 4", ["sentence 4"]),
        ("verify", []),
        ("conclude", []),
        ("finish", []),
    ],
)
def test_an_answer_outlives_the_process_that_gave_it(
    point: str, calls: list[str], settings: Settings
) -> None:
    job = job_of(FLORIST, settings)
    here = Path(__file__).parent
    died = subprocess.run(
        [sys.executable, str(here / "doomed_answer.py"), settings.data_dir, job, point, "40 hours"],
        env={**os.environ, "PYTHONPATH": f"{here.parents[1]}{os.pathsep}{here}"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    model = FLORIST.model()
    found = formulate(settings=settings, model=model, job=job)
    assert found.outcome is Outcome.OPTIMAL
    assert found.objective == pytest.approx(188)
    assert [item.answer for item in found.questions] == ["40 hours"]
    assert asked(model) == calls


def test_nothing_is_read_again_and_no_model_connected_where_an_answer_changes_no_sentence(
    settings: Settings,
) -> None:
    job = job_of(POTTERY, settings)
    before = JobStore(settings.data_dir).result(job)
    offline = settings.model_copy(update={"model": DEAD})
    found = answer(job, {QUESTION: 60}, settings=offline)
    assert found.objective == pytest.approx(278)
    assert passes_its_checks(found)
    assert before is not None
    assert found.usage.calls == before.usage.calls
    assert found.manifest["model"] == before.manifest["model"]


def test_a_number_in_the_model_names_the_answer_that_it_comes_from(settings: Settings) -> None:
    job = job_of(FLORIST, settings)
    found = answer(job, {"missing_s4": "40 hours"}, settings=settings, model=FLORIST.model())
    assert found.cir is not None
    rule = next(rule for rule in found.cir.rules if "limited" in rule.quote)
    assert rule.quote == "The labour is limited to 40 hours."
    [literal] = rule.literals
    assert (literal.source.kind, literal.source.note) == ("answer", "missing_s4")
    assert [(item.id, item.answer) for item in found.cir.questions] == [("missing_s4", "40 hours")]
    assert passes_its_checks(found)


def test_an_answer_given_again_replaces_the_first_which_stays_on_record(
    settings: Settings,
) -> None:
    job = job_of(POTTERY, settings)
    values = [
        answer(job, {QUESTION: value}, settings=settings, model=POTTERY.model())
        for value in (60, 54, 60)
    ]
    assert [item.objective for item in values] == [
        pytest.approx(worth) for worth in (278, 250, 278)
    ]
    [question] = values[-1].questions
    assert (question.answer, question.earlier) == ("60", ("60", "54"))


def test_the_same_answer_again_gives_the_result_that_is_there(settings: Settings) -> None:
    job = job_of(POTTERY, settings)
    first = answer(job, {QUESTION: 60}, settings=settings, model=POTTERY.model())
    silent = ScriptedModel([])
    assert answer(job, {QUESTION: "60"}, settings=settings, model=silent) == first
    assert answer(job, {}, settings=settings, model=silent) == first


def test_a_wrong_answer_changes_nothing(settings: Settings) -> None:
    job = job_of(POTTERY, settings)
    before = JobStore(settings.data_dir).result(job)
    for wrong, code in (({QUESTION: 57}, "R2C-V051"), ({QUESTION: 60, "hours": 2}, "R2C-V050")):
        with pytest.raises(InputError, match=code):
            answer(job, wrong, settings=settings, model=POTTERY.model())
    assert JobStore(settings.data_dir).result(job) == before


def test_only_a_job_that_has_come_to_its_questions_can_be_answered(settings: Settings) -> None:
    store = JobStore(settings.data_dir)
    with pytest.raises(InputError, match="R2C-G030"):
        answer("0123456789abcdef", {"a": 1}, settings=settings)
    with (
        store.begun(read_problem(FLORIST.text)) as job,
        pytest.raises(StoreError, match="R2C-G033"),
    ):
        answer(job, {"missing_s4": 3}, settings=settings)
    with pytest.raises(InputError, match="R2C-G050"):
        answer(job, {"missing_s4": 3}, settings=settings)


def test_a_job_without_questions_keeps_its_result_alone(settings: Settings) -> None:
    job = job_of(BAKERY, settings)
    folder = settings.data_dir / "jobs" / job
    assert {path.name for path in folder.iterdir()} == {"problem.json", "result.json"}
    with pytest.raises(InputError, match="The questions are none"):
        answer(job, {"missing_s4": 3}, settings=settings)


async def test_the_waiting_form_is_refused_inside_a_running_loop(settings: Settings) -> None:
    with pytest.raises(InputError, match="R2C-G040"):
        answer("0123456789abcdef", {}, settings=settings)
    with pytest.raises(InputError, match="R2C-G030"):
        await aanswer("0123456789abcdef", {}, settings=settings)
