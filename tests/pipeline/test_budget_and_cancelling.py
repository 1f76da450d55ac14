"""A job keeps to its budget of tokens, time and rounds, and leaves nothing when cancelled."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from readers import BAKERY, FERRY, Told, asked

import r2c.pipeline.steps
from r2c.agents.verifier import search
from r2c.errors import BudgetError
from r2c.formulation import Event, Outcome
from r2c.llm.failures import DEADLINE
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.api import aformulate, formulate
from r2c.settings import Settings
from r2c.solve.idle import IDLE


def test_tokens_that_are_used_up_stop_the_job_which_goes_on_with_more(settings: Settings) -> None:
    heard: list[Event] = []
    poor = settings.model_copy(update={"budget_tokens": 3000})
    model = BAKERY.model()
    with pytest.raises(BudgetError) as caught:
        formulate(BAKERY.text, settings=poor, model=model, on_event=heard.append)
    assert caught.value.code == "R2C-G020"
    assert "R2C_BUDGET_TOKENS" in caught.value.fault.remedy
    assert 1 < len(model.calls) < 6
    rest = BAKERY.model()
    answer = formulate(settings=settings, model=rest, job=str(heard[0].details["job"]))
    assert answer.objective == pytest.approx(40.0)
    assert len(model.calls) + len(rest.calls) == 6


def test_a_repair_that_the_tokens_do_not_allow_is_not_begun(settings: Settings) -> None:
    free = settings.model_copy(update={"budget_rounds": 0})
    used = formulate(FERRY.text, settings=free, model=FERRY.model()).usage
    # A token short of what the first reading costs: the last call of it is still allowed.
    budget = used.prompt_tokens + used.completion_tokens - 1
    tight = settings.model_copy(update={"budget_tokens": budget})
    model = FERRY.model()
    answer = formulate(FERRY.text, settings=tight, model=model)
    assert answer.outcome is Outcome.OPTIMAL
    assert len(model.calls) == used.calls


def test_a_repair_that_takes_too_long_is_given_up_for_the_answer_there_is(
    settings: Settings,
) -> None:
    def answer(call: Call) -> Answer:
        if call.seed > 1000:
            return DEADLINE(url="u", state="No time was left.")
        return FERRY.answer(call)

    heard: list[Event] = []
    model = ScriptedModel(answer)
    found = formulate(FERRY.text, settings=settings, model=model, on_event=heard.append)
    assert (found.outcome, found.objective) == (Outcome.OPTIMAL, 0.0)
    assert asked(model).count("sentence 4") == 2
    assert any("given up" in event.message for event in heard)


def test_decisions_that_cannot_be_named_again_leave_the_answer_there_is(
    settings: Settings,
) -> None:
    sure = Told(
        FERRY.text,
        FERRY.roster,
        FERRY.readings,
        FERRY.goal,
        {"decisions": "I do not know"},
    )
    rounds = settings.model_copy(update={"budget_rounds": 9})
    model = sure.model()
    found = formulate(FERRY.text, settings=rounds, model=model)
    assert (found.outcome, found.objective) == (Outcome.OPTIMAL, 0.0)
    assert asked(model).count("decisions") == 2


@pytest.mark.parametrize("rounds", [0, 1, 2, 9])
def test_no_more_rounds_are_made_than_allowed(rounds: int, settings: Settings) -> None:
    hopeless = Told(FERRY.text, FERRY.roster, {**FERRY.readings, "room for": "none"}, FERRY.goal)
    chosen = settings.model_copy(update={"budget_rounds": rounds})
    answer = formulate(FERRY.text, settings=chosen, model=hopeless.model())
    assert [event.stage for event in answer.events].count("reflect") <= rounds


def test_a_job_whose_time_is_over_is_judged_at_once(settings: Settings) -> None:
    late = settings.model_copy(update={"budget_seconds": 0.001})
    model = FERRY.model()  # scripted: it does not look at the clock
    began = time.monotonic()
    answer = formulate(FERRY.text, settings=late, model=model)
    assert answer.outcome is Outcome.OPTIMAL
    assert [event.stage for event in answer.events].count("reflect") == 0
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("name", ["search", "conclusion"])
async def test_a_cancelled_job_leaves_no_process_and_no_thread_at_work(
    name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = asyncio.Event(), list[float]()
    loop = asyncio.get_running_loop()
    genuine: Callable[..., Any] = getattr(r2c.pipeline.steps, name)

    def again_and_again(*args: Any, **more: Any) -> Any:
        loop.call_soon_threadsafe(began.set)
        try:
            while True:
                genuine(*args, **more)
        finally:
            ended.append(time.monotonic())

    monkeypatch.setattr(r2c.pipeline.steps, name, again_and_again)
    IDLE.close()
    before = children()
    job = asyncio.create_task(aformulate(BAKERY.text, settings=settings, model=BAKERY.model()))
    await began.wait()
    await asyncio.sleep(0.3)
    asked_at = time.monotonic()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert ended and ended[0] - asked_at < 10
    IDLE.close()  # processes that have nothing to do may stay
    assert children() == before


async def test_a_job_cancelled_while_the_model_thinks_goes_on_later(settings: Settings) -> None:
    class Thinking(ScriptedModel):
        async def complete(self, *args: Any, **more: Any) -> Any:
            if more["purpose"] == "objective":
                thinking.set()
                await asyncio.sleep(600)
            return await super().complete(*args, **more)

    thinking = asyncio.Event()
    IDLE.close()
    before = children()
    heard: list[Event] = []
    job = asyncio.create_task(
        aformulate(
            BAKERY.text,
            settings=settings,
            model=Thinking(BAKERY.answer),
            on_event=heard.append,
        )
    )
    await thinking.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    IDLE.close()  # processes that have nothing to do may stay
    assert children() == before
    rest = BAKERY.model()
    answer = await aformulate(settings=settings, model=rest, job=str(heard[0].details["job"]))
    assert answer.objective == pytest.approx(40.0)
    assert asked(rest) == ["objective"]


def test_a_solver_that_is_killed_under_way_costs_only_its_own_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = search
    killed: list[int] = []

    def after_a_kill(readings: Any, process: Any, *args: Any, **more: Any) -> Any:
        if not killed:
            killed.append(process.pid)
            os.kill(process.pid, 9)
        return genuine(readings, process, *args, **more)

    monkeypatch.setattr(r2c.pipeline.steps, "search", after_a_kill)
    answer = formulate(BAKERY.text, settings=settings, model=BAKERY.model())
    assert killed and answer.objective == pytest.approx(40.0)


def test_a_solver_that_hangs_is_stopped_at_the_limit_of_a_solve(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = search

    def hung(readings: Any, process: Any, *args: Any, **more: Any) -> Any:
        process.start()
        os.kill(process.pid, 19)  # SIGSTOP: alive, and silent for ever
        return genuine(readings, process, *args, **more)

    monkeypatch.setattr(import_module("r2c.solve.process"), "START_SECONDS", 3.0)
    monkeypatch.setattr(r2c.pipeline.steps, "search", hung)
    quick = settings.model_copy(update={"solve_seconds": 2.0, "budget_rounds": 0})
    began = time.monotonic()
    answer = formulate(BAKERY.text, settings=quick, model=BAKERY.model())
    assert answer.outcome in (Outcome.OPTIMAL, Outcome.LIMIT)
    assert time.monotonic() - began < 90


def children() -> set[int]:
    """The processes whose parent is this one."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(path.parent.name))
    return found
