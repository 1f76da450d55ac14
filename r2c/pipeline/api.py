"""`formulate`: words and tables in, a judged formulation out; one job on disk, resumable."""

from __future__ import annotations

import asyncio
import errno
from typing import TYPE_CHECKING

from r2c import telemetry
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
BESIDE_A_JOB = declare(
    "R2C-G042",
    InputError,
    what="The job {job!r} cannot be given {given} when it goes on.",
    why="A job keeps the text, the tables and the number of samples that it began with.",
    remedy="Leave them out to go on with it, or start a new job without its id.",
)

_OF_A_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}


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
        samples: answers sampled for each question, instead of the setting; a job keeps its own.
        on_event: told of every step; the first event's `details["job"]` is the job's id.
        job: the id of an interrupted job to go on with; a finished job's result comes back.

    Raises:
        InputError: the text or the data cannot be read, there is no such job, or a text, data or
            samples are given beside it.
        LanguageModelError: the model cannot be reached; the job can be resumed.
        BudgetError: time or tokens are used up; the job can be resumed with a greater budget.
        StoreError: the job's folder cannot be written or read, or another run works on the job.
    """
    from r2c.settings import load_settings

    if job is not None:
        only_job(job, text, data, samples)
    chosen = settings or load_settings()
    if samples is not None:
        chosen = chosen.model_copy(update={"samples": samples})
    store = JobStore(chosen.data_dir)
    if job is None:
        if text is None:
            raise NOTHING_GIVEN()
        problem = await asyncio.to_thread(read_problem, text, data)
        with store.begun(problem) as begun:
            return await carried_on(begun, problem, model, chosen, store, on_event)
    if (done := store.result(job)) is not None:
        return done
    problem = store.problem(job)
    with store.held(job):
        if (done := store.result(job)) is not None:  # another run ended it a moment ago
            return done
        return await carried_on(job, problem, model, chosen, store, on_event)


def only_job(job: str, text: str | None, data: Data, samples: int | None) -> None:
    """Refuse what a job that is gone on with would drop.

    Raises:
        InputError: R2C-G042.
    """
    beside = {
        "a text": text is not None,
        "tables": data is not None,
        "the number of samples": samples is not None,
    }
    given = [what for what, there in beside.items() if there]
    if given:
        raise BESIDE_A_JOB(job=job[:80], given=" and ".join(given))


async def carried_on(
    job: str,
    problem: Problem,
    model: LanguageModel | None,
    settings: Settings,
    store: JobStore,
    on_event: Listener | None,
) -> Formulation:
    """A job that this run holds, brought to its end.

    Raises:
        R2CError: as `aformulate`.
    """
    # Told before anything can fail: without its id nobody could go on with the job.
    if on_event is not None:
        on_event(Event(stage="start", message=f"Job {job}", details={"job": job}))
    telemetry.begin(settings.telemetry)
    with telemetry.span("formulate", job=job) as span:
        result = await _ended(job, problem, model, settings, store, on_event)
        span.say(outcome=result.outcome.value, trust=result.trust.value)
        return result


async def _ended(
    job: str,
    problem: Problem,
    model: LanguageModel | None,
    settings: Settings,
    store: JobStore,
    on_event: Listener | None,
) -> Formulation:
    from r2c.llm.connect import connect
    from r2c.pipeline.run import run

    if model is None:
        kept = store.readings(job)
        if kept is not None:
            from r2c.pipeline.kept_model import KeptModel

            model = KeptModel(settings, kept.model)
        else:
            model = await asyncio.to_thread(connect, settings)
    try:
        result = await run(job, problem, model, settings, store, on_event)
    except OSError as error:
        if error.errno not in _OF_A_DISK:
            raise  # of a listener, say
        raise CANNOT_WRITE(job=job, reason=error.strerror or str(error)) from error
    store.finish(job, result)
    return result
