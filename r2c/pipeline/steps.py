"""The steps of a job: each takes the state and gives back what changes in it."""

from __future__ import annotations

import asyncio
from typing import cast

from r2c.agents.parser import name_decisions, read_clause, state_goal
from r2c.agents.reflector import diagnose, key
from r2c.agents.verifier import search, try_combination
from r2c.errors import BudgetError, declare
from r2c.pipeline.conclude import conclusion
from r2c.pipeline.context import Context, add_usage, record, roster
from r2c.pipeline.merge import merged
from r2c.pipeline.state import State

TOKENS_SPENT = declare(
    "R2C-G020",
    BudgetError,
    what="The job has used {used} tokens; its budget is {budget}.",
    why="The budget bounds what one problem may cost.",
    remedy="Raise R2C_BUDGET_TOKENS, or shorten the text.",
)


class Steps:
    """The nodes of the graph, bound to one run's context."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def decide(self, state: State) -> State:
        """Parser: name the decisions; everything read so far is dropped."""
        context = self._context
        round_ = state.get("round", 0)
        found, share, usage = await name_decisions(
            context.problem, context.model, context.sampling(round_)
        )
        names = ", ".join(choice.name for choice in found)
        return {
            "roster": [{"name": item.name, "meaning": item.meaning} for item in found],
            "options": [],
            "goal": [],
            "usage": add_usage(state, usage),
            "events": context.tell("decisions", f"To decide: {names}", share=round(share, 3)),
        }

    async def read(self, state: State) -> State:
        """Parser: read the next sentence, or the one that a diagnosis asks for."""
        context = self._context
        self._within_budget(state)
        options = list(state.get("options", []))
        again = state.get("again")
        place = len(options) if again is None else again
        clause = context.clauses[place]
        found, usage = await read_clause(
            context.problem,
            roster(state),
            context.told(state, place),
            clause,
            context.model,
            context.sampling(state.get("round", 0)),
        )
        new = [record(option) for option in found]
        options[place : place + 1] = [new if again is None else merged(options[place], new)]
        event = context.tell(
            "reading",
            f"Sentence {clause.sentence}: {found[0].text.replace(chr(10), '; ')}",
            sentence=clause.sentence,
            votes=found[0].votes,
        )
        return {
            "options": options,
            "again": None,
            "usage": add_usage(state, usage),
            "events": event,
        }

    async def aim(self, state: State) -> State:
        """Parser: state the objective."""
        context = self._context
        self._within_budget(state)
        found, usage = await state_goal(
            context.problem,
            roster(state),
            context.told(state),
            context.model,
            context.sampling(state.get("round", 0)),
        )
        new = [record(option) for option in found]
        return {
            "goal": merged(state.get("goal", []), new) if state.get("goal") else new,
            "usage": add_usage(state, usage),
            "events": context.tell("objective", found[0].text if found else "no objective read"),
        }

    async def verify(self, state: State) -> State:
        """Mapper and Verifier: solve combinations of readings and pick the best."""
        context = self._context
        readings = context.readings(state)
        if not readings.goal:
            return {"picks": [], "events": context.tell("verify", "No objective could be read.")}
        best, tried = await asyncio.to_thread(
            search, readings, context.process, context.limits, deadline=context.deadline
        )
        outcome = "no model" if best.solution is None else str(best.solution.outcome)
        event = context.tell(
            "verify",
            f"{outcome} after {tried} combination(s)",
            tried=tried,
            findings=dict(best.score.findings),
        )
        score = [float(best.score.level), best.score.value]
        kept = state.get("kept")
        if kept is not None and score <= cast("list[float]", kept["score"]):
            # A repair that scores no better is not accepted.
            return cast("State", {**kept, "kept": kept, "events": event})
        made = {
            "roster": state["roster"],
            "options": state["options"],
            "goal": state["goal"],
            "picks": list(best.picks),
            "score": score,
        }
        return cast("State", {**made, "kept": made, "events": event})

    async def reflect(self, state: State) -> State:
        """Reflector: what to read again, if anything; `round` counts the repairs."""
        context = self._context
        spent = state.get("round", 0) >= context.settings.budget_rounds
        if spent or not state.get("picks"):
            return {"again": None, "looked_at": [*state.get("looked_at", []), "done"]}
        readings = context.readings(state)
        trial = await asyncio.to_thread(
            try_combination, readings, tuple(state["picks"]), context.process, context.limits
        )
        found = diagnose(readings, trial, state.get("looked_at", []))
        if found is None:
            return {"again": None, "looked_at": [*state.get("looked_at", []), "done"]}
        return {
            "again": found.place if found.stage == "sentence" else None,
            "round": state.get("round", 0) + 1,
            "looked_at": [*state.get("looked_at", []), key(found)],
            "events": context.tell("reflect", f"{found.reason} Reading again: {found.stage}."),
        }

    async def conclude(self, state: State) -> State:
        """Judge the chosen formulation and make the answer."""
        events = self._context.tell("conclude", "Judging the answer")
        result = await asyncio.to_thread(conclusion, self._context, state)
        return {"result": result.model_dump(mode="json"), "events": events}

    def after_reading(self, state: State) -> str:
        """Read on, state the objective, or verify when a single sentence was read again."""
        if len(state.get("options", [])) < len(self._context.clauses):
            return "read"
        return "verify" if state.get("goal") else "aim"

    def after_reflecting(self, state: State) -> str:
        """Where the diagnosis sends the job."""
        looked = state["looked_at"]
        if looked[-1] == "done":
            return "conclude"
        stage = looked[-1].split()[0]
        return {"sentence": "read", "objective": "aim", "decisions": "decide"}[stage]

    def _within_budget(self, state: State) -> None:
        usage = state.get("usage") or {}
        used = int(str(usage.get("prompt_tokens", 0))) - int(str(usage.get("cached_tokens", 0)))
        used += int(str(usage.get("completion_tokens", 0)))
        if used > self._context.settings.budget_tokens:
            raise TOKENS_SPENT(used=used, budget=self._context.settings.budget_tokens)
