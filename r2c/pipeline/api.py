"""`formulate`: words and tables in, a judged formulation out; one job on disk, resumable."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from r2c.errors import InputError, declare
from r2c.formulation import Event, Formulation
from r2c.pipeline.store import CANNOT_WRITE, JobStore
from r2c.problem.read import read_problem

if TYPE_CHECKING:
    from r2c.llm.model import LanguageModel
    from r2c.pipeline.context import Listener
    from r2c.problem.schema import Problem
    from r2c.settings import Settings
    from r2c.verdict.answer import Data

RUNNING_LOOP = declare(
    "R2C-G040",
    InputError,
    what="`formulate` was called where an event loop is already running.",
    why="It would have to wait inside the loop and block it.",
    remedy="Use `await r2c.aformulate(...)` there.",
)
NOTHING_GIVEN = declare(
    "R2C-G041",
    InputError,
    what="There is neither a text nor a job to go on with.",
    why="A new job needs the problem in words.",
    remedy="Give the text, or the id of a job that was interrupted.",
)


def formulate(
    text: str | None = None,
    data: Data = None,
    *,
    settings: Settings | None = None,
    model: LanguageModel | None = None,
    samples: int | None = None,
    on_event: Listener | None = None,
    job: str | None = None,
) -> Formulation:
    """`aformulate` for programs without an event loop.

    Raises:
        InputError: R2C-G040 inside a running event loop, and as `aformulate`.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(
            aformulate(
                text,
                data,
                settings=settings,
                model=model,
                samples=samples,
                on_event=on_event,
                job=job,
            )
        )
    raise RUNNING_LOOP()


async def aformulate(
    text: str | None = None,
    data: Data = None,
    *,
    settings: Settings | None = None,
    model: LanguageModel | None = None,
    samples: int | None = None,
    on_event: Listener | None = None,
    job: str | None = None,
) -> Formulation:
    """Turn a problem in words into a solved, judged model.

    Args:
        text: the problem; not needed to resume a job.
        data: tables by name, or paths of CSV, JSON or XLSX files.
        settings: all settings; read from environment and file if not given.
        model: the language model; connected as the settings say if not given.
        samples: answers sampled for each question, instead of the setting.
        on_event: told of every step; the first event's `details["job"]` is the job's id.
        job: the id of an interrupted job to go on with; a finished job's result comes back.

    Raises:
        InputError: the text or the data cannot be read, or there is no such job.
        LanguageModelError: the model cannot be reached; the job can be resumed.
        BudgetError: time or tokens are used up; the job can be resumed with a greater budget.
        StoreError: the job's folder cannot be written or read, or another run works on the job.
    """
    from r2c.settings import load_settings

    chosen = settings or load_settings()
    if samples is not None:
        chosen = chosen.model_copy(update={"samples": samples})
    store = JobStore(chosen.data_dir)
    if job is None:
        if text is None:
            raise NOTHING_GIVEN()
        problem = await asyncio.to_thread(read_problem, text, data)
        job = store.create(problem)
    elif (done := store.result(job)) is not None:
        return done
    else:
        problem = store.problem(job)
    with store.held(job):
        if (done := store.result(job)) is not None:  # another run ended it a moment ago
            return done
        return await _carried_on(job, problem, model, chosen, store, on_event)


async def _carried_on(
    job: str,
    problem: Problem,
    model: LanguageModel | None,
    settings: Settings,
    store: JobStore,
    on_event: Listener | None,
) -> Formulation:
    """A job that this run holds, brought to its end."""
    # Told before anything can fail: without its id nobody could go on with the job.
    if on_event is not None:
        on_event(Event(stage="start", message=f"Job {job}", details={"job": job}))
    from r2c.llm.connect import connect
    from r2c.pipeline.run import run

    if model is None:
        model = await asyncio.to_thread(connect, settings)
    try:
        result = await run(job, problem, model, settings, store, on_event)
    except OSError as error:
        raise CANNOT_WRITE(job=job, reason=error.strerror or str(error)) from None
    store.finish(job, result)
    return result
