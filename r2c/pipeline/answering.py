"""Answers to the questions of a job: the same job goes on with what it has read.

No sentence is read again unless an answer puts a number into it. Answers are written down before
anything is done with them, so a job that is killed in between goes on with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from r2c.errors import InputError, declare
from r2c.formulation import Formulation
from r2c.pipeline.api import RUNNING_LOOP, carried_on
from r2c.pipeline.kept import Answers
from r2c.pipeline.store import JobStore
from r2c.verdict.questions.replies import Reply, replied

if TYPE_CHECKING:
    from r2c.cir.asked import Asked
    from r2c.llm.model import LanguageModel
    from r2c.pipeline.context import Listener
    from r2c.settings import Settings

NOT_ENDED = declare(
    "R2C-G050",
    InputError,
    what="The job {job!r} has asked nothing yet.",
    why="It was cut off before it came to its questions.",
    remedy="Go on with it first: `r2c formulate --resume {job}`.",
)


def answer(
    job: str,
    answers: Mapping[str, Reply],
    *,
    settings: Settings | None = None,
    model: LanguageModel | None = None,
    on_event: Listener | None = None,
) -> Formulation:
    """`aanswer` for programs without an event loop.

    Raises:
        InputError: R2C-G040 inside a running event loop, and as `aanswer`.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(aanswer(job, answers, settings=settings, model=model, on_event=on_event))
    raise RUNNING_LOOP()


async def aanswer(
    job: str,
    answers: Mapping[str, Reply],
    *,
    settings: Settings | None = None,
    model: LanguageModel | None = None,
    on_event: Listener | None = None,
) -> Formulation:
    """Answer questions of a job and bring it to its end again.

    All answers are looked at before any is taken. A question may be answered again; its earlier
    answer stays on record. Answers that change nothing give back the result there is.

    Args:
        job: the id of a job whose formulation has questions.
        answers: by the ids of the questions: the value of an option, a number, or a number with
            its unit.
        settings: all settings; read from environment and file if not given.
        model: reads the sentences that answers change; that of the settings if not given, which
            is connected only if there are such sentences.
        on_event: told of every step.

    Raises:
        InputError: R2C-G030 if there is no such job, R2C-G050 if it has not come to its questions,
            R2C-V050 to R2C-V055 for an answer that fits no question.
        StoreError: the job's folder cannot be written or read, or another run works on the job.
        R2CError: as `aformulate`, if sentences are read; the answers are kept.
    """
    from r2c.settings import load_settings

    chosen = settings or load_settings()
    store = JobStore(chosen.data_dir)
    problem = store.problem(job)
    with store.held(job):
        known, result = store.answers(job), store.result(job)
        if result is None and store.readings(job) is None:
            raise NOT_ENDED(job=job)
        asked = known.asked if result is None else result.questions
        taken = replied(asked, answers)
        if result is not None and taken == asked:
            return result
        store.record(job, Answers(asked=taken, given=_given(known, taken, answers)))
        return await carried_on(job, problem, model, chosen, store, on_event)


def _given(
    known: Answers, taken: tuple[Asked, ...], answers: Mapping[str, Reply]
) -> tuple[Asked, ...]:
    """All answers, each in the place of its first one."""
    latest = {item.id: item for item in known.given}
    latest.update((item.id, item) for item in taken if item.id in answers)
    return tuple(latest.values())
