"""Runs a job's graph over its checkpoints, from the start or from where it was interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from r2c.formulation import Formulation
from r2c.pipeline.context import Context, Listener
from r2c.pipeline.graph import build_graph
from r2c.pipeline.state import State
from r2c.pipeline.steps import Steps
from r2c.solve.process import SolverProcess

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

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
    """Run the job to its end; what earlier runs finished is not done again."""
    with SolverProcess(settings.solve_threads) as process:
        context = Context(problem, model, settings, process, listener)
        context.tell("start", f"Job {job}", job=job)
        async with aiosqlite.connect(store.checkpoints(job)) as connection:
            saver = AsyncSqliteSaver(connection)
            graph = build_graph(Steps(context), saver)
            # Every sentence is a step and every repair a few more; the graph's own limit is only
            # a net below the budget of rounds.
            steps = 20 + (len(context.clauses) + 4) * (2 + settings.budget_rounds)
            config: RunnableConfig = {
                "configurable": {"thread_id": job},
                "recursion_limit": steps,
            }
            before = await graph.aget_state(config)
            start: State | None = None if before.next else {"round": 0, "looked_at": []}
            final = await graph.ainvoke(start, config, durability="sync")
    return Formulation.model_validate(final["result"])
