"""Runs a job's graph over its checkpoints, from the start or from where it was interrupted."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, cast

import aiosqlite
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from r2c.agents.given import Given
from r2c.cir.amend_tables import amended
from r2c.cir.asked import effects
from r2c.formulation import Formulation
from r2c.llm.traced import TracedModel
from r2c.pipeline.context import Context, Listener
from r2c.pipeline.graph import build_graph
from r2c.pipeline.kept import kept_readings, resumed
from r2c.pipeline.state import State
from r2c.pipeline.steps import Steps
from r2c.pipeline.store import CANNOT_WRITE, damaged
from r2c.pipeline.worker import JobSolver

if TYPE_CHECKING:
    from pydantic import JsonValue

    from r2c.agents.choose_dialect import Reading
    from r2c.llm.model import LanguageModel
    from r2c.pipeline.store import JobStore
    from r2c.problem.schema import Problem
    from r2c.settings import Settings


async def run(
    job: str,
    problem: Problem,
    model: LanguageModel,
    settings: Settings,
    store: JobStore,
    listener: Listener | None,
) -> Formulation:
    """Run the job to its end; what earlier runs finished is not done again.

    Raises:
        StoreError: R2C-G031 if a step cannot be saved, R2C-G032 if the steps cannot be read.
        R2CError: as the steps; the job can be resumed.
    """
    try:
        process = JobSolver(settings.solve_threads)
        with process:
            given = store.answers(job).given
            there = amended(problem, effects(given))
            context = Context(there, TracedModel(model), settings, process, listener, Given(given))
            async with aiosqlite.connect(store.checkpoints(job)) as connection:
                return await _over_checkpoints(job, context, store, AsyncSqliteSaver(connection))
    except sqlite3.OperationalError as error:
        raise CANNOT_WRITE(job=job, reason=str(error)) from None
    except sqlite3.Error as error:
        raise damaged(job, store.checkpoints(job).name, error) from None


async def mend(state: State, context: Context) -> State:
    """A job carried on from its first readings: judged, read again where need be, concluded.

    Args:
        state: The readings of a job that came to its first search: roster, options, goal, samples.
        context: The run.

    Raises:
        R2CError: as the steps.
    """
    graph = build_graph(Steps(context), InMemorySaver())
    config: Any = {"configurable": {"thread_id": "mend"}, "recursion_limit": _steps(context)}
    await graph.aupdate_state(config, {"round": 0, "looked_at": [], **state}, as_node="map")
    return cast("State", await graph.ainvoke(None, config))


def _steps(context: Context) -> int:
    """Every sentence is a step and every repair a few more; the budget of rounds ends jobs."""
    return 20 + (len(context.clauses) + 4) * (2 + context.settings.budget_rounds)


async def _over_checkpoints(
    job: str, context: Context, store: JobStore, saver: AsyncSqliteSaver
) -> Formulation:
    graph = build_graph(Steps(context), saver)
    config: Any = {"configurable": {"thread_id": job}}
    before = await graph.aget_state(config)
    state = cast("State", before.values)
    kept = None if before.next or "result" in state else store.readings(job)
    if before.next or kept is not None:
        known = kept.state if kept is not None else state
        context.read_as(cast("Reading", known.get("reading", "guided")))
    config["recursion_limit"] = _steps(context)
    # A job that was killed between its last step and the saving of its result has nothing to do.
    if "result" not in state:
        samples = context.settings.samples
        start: State = {
            "round": 0,
            "looked_at": [],
            "samples": samples,
            "reading": context.reading,
            "began": context.since.isoformat(),
        }
        if kept is not None:
            start = resumed(kept, context.clauses)
        state = cast(
            "State",
            await graph.ainvoke(None if before.next else start, config, durability="sync"),
        )
    result = Formulation.model_validate({"problem": context.problem, **state["result"]})
    if result.questions:
        known_model = cast("dict[str, JsonValue]", result.manifest["model"])
        store.keep_readings(job, kept_readings(context.clauses, state, result.outcome, known_model))
    return result
