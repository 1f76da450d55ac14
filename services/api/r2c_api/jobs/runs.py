"""One run of a job: from words by the pipeline, or a given CIR by the solver alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from r2c.archetypes.load import further_cards
from r2c.errors import Fault
from r2c.formulation import Event, Formulation
from r2c.llm.failures import (
    BROKEN_OFF,
    NOT_A_COMPLETION,
    RATE_LIMITED,
    SERVER_FAILED,
    TIMED_OUT,
    UNKNOWN_HOST,
    UNREACHABLE,
)
from r2c.pipeline.context import Listener
from r2c.pipeline.store import CANNOT_WRITE, JobStore
from r2c.pipeline.worker import JobSolver, beside
from r2c.solve.limits import Limits
from r2c_api.faults import NO_SERVICE
from r2c_api.jobs.meter import Meter, MeteredModel
from r2c_api.jobs.record import Record, Request

if TYPE_CHECKING:
    from r2c.cir.schema import CIR
    from r2c.llm.model import LanguageModel
    from r2c.problem.schema import Problem
    from r2c.settings import Settings


async def run_job(
    record: Record,
    settings: Settings,
    model: LanguageModel | None,
    tell: Listener,
    meter: Meter,
) -> Formulation:
    """Bring a job to its end; what earlier runs of it finished is not done again.

    Args:
        record: The job.
        settings: Those of its tenant: `data_dir` is where its folder lies.
        model: The language model; connected as the settings say if not given.
        tell: Told of every step.
        meter: Counts tokens and seconds of the solver.

    Raises:
        R2CError: as `aformulate`.
        CancelledError: the job was cancelled; model and solver have been stopped.
    """
    with meter.solving(), further_cards(settings.data_dir / "cards"):
        if record.kind == "solve":
            return await _solved(record.id, record.request, settings, tell)
        return await _formulated(record, settings, model, tell, meter)


async def _formulated(
    record: Record,
    settings: Settings,
    model: LanguageModel | None,
    tell: Listener,
    meter: Meter,
) -> Formulation:
    from r2c.pipeline.answering import aanswer
    from r2c.pipeline.api import aformulate

    store, answers = JobStore(settings.data_dir), record.request.answers
    if not answers and (done := store.result(record.id)) is not None:
        return done  # an attempt that died had only to say so
    if record.request.samples is not None:
        settings = settings.model_copy(update={"samples": record.request.samples})
    counted = MeteredModel(model or await _connected(store, record.id, settings), meter)
    if answers:
        return await aanswer(record.id, answers, settings=settings, model=counted, on_event=tell)
    return await aformulate(settings=settings, model=counted, on_event=tell, job=record.id)


async def _connected(store: JobStore, job: str, settings: Settings) -> LanguageModel:
    """The language model; one that has read the job already is connected only if it is asked."""
    from r2c.llm.connect import connect
    from r2c.pipeline.kept_model import KeptModel

    kept = store.readings(job)
    if kept is not None:
        return KeptModel(settings, kept.model)
    return await asyncio.to_thread(connect, settings)


async def _solved(job: str, request: Request, settings: Settings, tell: Listener) -> Formulation:
    assert request.cir is not None, "a job to solve has a model"
    store, answers = JobStore(settings.data_dir), request.answers
    if not answers and (done := store.result(job)) is not None:
        return done
    problem = store.problem(job)
    with store.held(job):
        tell(Event(stage="solve", message="Solving the model"))
        process = JobSolver(settings.solve_threads)
        with process:
            work = partial(_answer, problem, request.cir, settings, process, answers)
            answer = (await beside(process, work)).model_copy(update={"id": job})
        store.finish(job, answer)
        return answer


def _answer(
    problem: Problem,
    cir: CIR,
    settings: Settings,
    process: JobSolver,
    answers: dict[str, str | float],
) -> Formulation:
    from r2c.verdict.answer import solve_answered
    from r2c.verdict.manifest import accounted

    began, limits = datetime.now(UTC), Limits.of(settings)
    return accounted(solve_answered(problem, cir, limits, process, answers), began, limits)


def passes(fault: Fault) -> bool:
    """Whether a failure may be gone at the next attempt: of the model's server, or of the disk."""
    return fault.code in _PASSING


_PASSING = frozenset(
    kind.code
    for kind in (
        UNREACHABLE,
        UNKNOWN_HOST,
        TIMED_OUT,
        RATE_LIMITED,
        SERVER_FAILED,
        NOT_A_COMPLETION,
        BROKEN_OFF,
        CANNOT_WRITE,
        NO_SERVICE,
    )
)
