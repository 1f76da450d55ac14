"""The steps of a job: each takes the state and gives back what changes in it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import cast

from pydantic import JsonValue

from r2c.agents.against import against
from r2c.agents.form import NOTHING
from r2c.agents.parser import (
    NO_DECISIONS,
    declare_nouns,
    name_decisions,
    read_clause,
    read_whole,
    state_goal,
)
from r2c.agents.reflector import diagnose, key
from r2c.agents.shape_sizes import size_of_a_shape
from r2c.agents.verifier import search, try_combination
from r2c.agents.written.reader import Written
from r2c.errors import BudgetError, R2CError, declare
from r2c.formulation import Usage as Cost
from r2c.llm.model import Usage
from r2c.pipeline.conclude import conclusion
from r2c.pipeline.context import Context, add_usage, record, roster
from r2c.pipeline.merge import merged
from r2c.pipeline.state import Record, State
from r2c.pipeline.worker import beside
from r2c.verdict.findings import Finding
from r2c.verdict.questions.data_faults import is_question
from r2c.verdict.questions.missing_number import missing_numbers

TOKENS_SPENT = declare(
    "R2C-G020",
    BudgetError,
    what="The job has used {used} tokens; its budget is {budget}.",
    why="The budget bounds what one problem may cost.",
    remedy="Raise R2C_BUDGET_TOKENS, or shorten the text.",
)
Step = Callable[["Steps", State], Awaitable[State]]


def repairable(step: Step) -> Step:
    """A step of which a repair is given up, for the answer there is, when it costs too much."""

    @wraps(step)
    async def tried(self: Steps, state: State) -> State:
        try:
            return await step(self, state)
        except R2CError as error:
            kept = state.get("kept")
            costly = isinstance(error, BudgetError) or error.code == NO_DECISIONS.code
            if kept is None or not costly:
                raise
            return self.give_up(kept, error)

    return tried


class Steps:
    """The nodes of the graph, bound to one run's context."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @repairable
    async def decide(self, state: State) -> State:
        """Parser: name the decisions; everything read so far is dropped."""
        context = self._context
        self._within_budget(state)
        refused = [frozenset(names) for names in state.get("refused", [])]
        sampling = context.sampling(state)
        if isinstance(context.dialect, Written):
            found, share, usage = await declare_nouns(
                context.dialect, context.model, sampling, refused
            )
        else:
            found, share, usage = await name_decisions(
                context.dialect, context.model, sampling, refused
            )
        names = ", ".join(choice.name for choice in found if choice.meaning)
        remark = context.dialect.remark if "roster" not in state else None
        events = [] if remark is None else context.tell("decisions", remark)
        return {
            "roster": [
                {
                    "name": item.name,
                    "meaning": item.meaning,
                    "over": list(item.over),
                    "declared": item.declared,
                }
                for item in found
            ],
            "refused": [
                *state.get("refused", []),
                sorted(item.name for item in found if item.meaning),
            ],
            "options": [],
            "goal": [],
            **self._asked(state, usage),
            "events": [
                *events,
                *context.tell("decisions", f"To decide: {names}", share=round(share, 3)),
            ],
        }

    @repairable
    async def read(self, state: State) -> State:
        """Parser: read the next sentence, or the one that a diagnosis asks for."""
        context = self._context
        self._within_budget(state)
        dialect = context.dialect
        if isinstance(dialect, Written) and not dialect.stepwise and not state.get("options"):
            return await self._read_whole(dialect, state)
        options = list(state.get("options", []))
        again, unread = state.get("again"), state.get("unread", [])
        place = again if again is not None else unread[0] if unread else len(options)
        clause = context.clauses[place]
        found, usage = await read_clause(
            context.dialect,
            roster(state),
            context.told(state, place),
            clause,
            context.model,
            context.sampling(state),
            told_before=None if again is None else str(options[place][0]["text"]),
            reason=state.get("reason", ""),
        )
        new = [record(option) for option in found]
        options[place : place + 1] = [new if again is None else merged(options[place], new)]
        left = [item for item in unread if item != place]
        event = context.tell(
            "reading",
            f"Sentence {clause.sentence}: {found[0].text.replace(chr(10), '; ')}",
            sentence=clause.sentence,
            votes=found[0].votes,
        )
        return {
            "options": options,
            "again": None,
            "unread": left,
            **self._asked(state, usage),
            "events": event,
        }

    async def _read_whole(self, dialect: Written, state: State) -> State:
        """Parser: read all sentences in one answer."""
        context = self._context
        found, usage = await read_whole(
            dialect, roster(state), context.model, context.sampling(state)
        )
        events: list[Record] = []
        for clause, options in zip(context.clauses, found, strict=True):
            best = options[0]
            if best.text != NOTHING:
                told = best.text.replace(chr(10), "; ")
                events += context.tell(
                    "reading",
                    f"Sentence {clause.sentence}: {told}",
                    sentence=clause.sentence,
                    votes=best.votes,
                )
        return {
            "options": [[record(option) for option in options] for options in found],
            "again": None,
            **self._asked(state, usage),
            "events": events,
        }

    @repairable
    async def aim(self, state: State) -> State:
        """Parser: state the objective."""
        context = self._context
        self._within_budget(state)
        found, usage = await state_goal(
            context.dialect,
            roster(state),
            context.told(state),
            context.model,
            context.sampling(state),
        )
        new = [record(option) for option in found]
        return {
            "goal": merged(state.get("goal", []), new) if state.get("goal") else new,
            **self._asked(state, usage),
            "events": context.tell("objective", found[0].text if found else "no objective read"),
        }

    async def map(self, state: State) -> State:
        """Mapper: give the best readings their archetypes, and tell them."""
        context = self._context
        readings = context.readings(state)
        if not readings.goal:
            return {}
        try:
            cir = readings.build(readings.best)
        except R2CError as error:  # the Verifier tries other readings
            return {"events": context.tell("map", error.fault.what, code=error.code)}
        rules: list[JsonValue] = [{"rule": r.id, "archetype": r.archetype} for r in cir.rules]
        counts = Counter(rule.archetype for rule in cir.rules)
        told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
        return {"events": context.tell("map", f"Rules: {told or 'none'}", rules=rules)}

    async def verify(self, state: State) -> State:
        """Verifier: solve combinations of readings and pick the best."""
        context = self._context
        readings = context.readings(state)
        if not readings.goal:
            return {"picks": [], "events": context.tell("verify", "No objective could be read.")}
        best, tried = await beside(
            context.process,
            partial(search, readings, context.process, context.limits, deadline=context.deadline),
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
        reflection = context.reflection
        spent = (
            reflection == "none"
            or state.get("settled", False)
            or state.get("round", 0) >= context.settings.budget_rounds
            or time.monotonic() > context.deadline
            or self._used(state) > context.settings.budget_tokens
        )
        if spent or not state.get("picks"):
            return {"again": None, "looked_at": [*state.get("looked_at", []), "done"]}
        readings = context.readings(state)
        picks = tuple(state["picks"])
        trial = await beside(
            context.process,
            partial(try_combination, readings, picks, context.process, context.limits),
        )
        # What is missing is asked for; no sentence is at fault.
        lacks = trial.fault is not None and is_question(trial.fault)
        lacks = lacks or bool(missing_numbers(context.problem, trial.cir))
        failed = trial.score.level < 3
        spoken: tuple[Finding, ...] = ()
        if reflection == "evidence" and not lacks:
            spoken = await beside(
                context.process,
                partial(against, readings, trial, context.process, context.limits),
            )
        found = None
        if (failed or reflection == "evidence") and not lacks:
            found = diagnose(readings, trial, state.get("looked_at", []), spoken)
        if found is None:
            return {"again": None, "looked_at": [*state.get("looked_at", []), "done"]}
        return {
            "again": found.place if found.stage == "sentence" else None,
            "reason": found.reason,
            "round": state.get("round", 0) + 1,
            "looked_at": [*state.get("looked_at", []), key(found)],
            "events": context.tell("reflect", f"{found.reason} Reading again: {found.stage}."),
        }

    async def conclude(self, state: State) -> State:
        """Judge the chosen formulation and make the answer."""
        events = self._context.tell("conclude", "Judging the answer")
        context = self._context
        ended = cast("State", {**state, "events": [*state.get("events", []), *events]})
        result = await beside(context.process, partial(conclusion, context, ended))
        # Labels that a default corrects make another problem of it.
        same = {"problem"} if result.problem == context.problem else None
        return {"result": result.model_dump(mode="json", exclude=same), "events": events}

    def at_start(self, state: State) -> str:
        """Where a job begins: with the decisions, or where an answer to a question changes it.

        A problem that nothing can be made of is concluded at once.
        """
        if "roster" not in state:
            return "decide" if size_of_a_shape(self._context.problem) is None else "conclude"
        return "read" if state.get("unread") else "verify"

    def after_reading(self, state: State) -> str:
        """Read on, state the objective, or map when a single sentence was read again."""
        if state.get("unread") or len(state.get("options", [])) < len(self._context.clauses):
            return "read"
        return "map" if state.get("goal") else "aim"

    def after_reflecting(self, state: State) -> str:
        """Where the diagnosis sends the job."""
        looked = state["looked_at"]
        if looked[-1] == "done":
            return "conclude"
        stage = looked[-1].split()[0]
        return {"sentence": "read", "objective": "aim", "decisions": "decide"}[stage]

    def give_up(self, kept: Record, error: R2CError) -> State:
        """Back to the best readings so far; what went wrong is told, and nothing else is tried."""
        event = self._context.tell("reflect", f"The repair is given up: {error.fault.what}")
        again: Record = {"again": None, "round": self._context.settings.budget_rounds}
        return cast("State", {**kept, **again, "kept": kept, "events": event})

    def _asked(self, state: State, usage: Usage) -> State:
        """What a call of the model leaves in the state, whatever it was about."""
        return {"models": [self._context.model.info.name], "usage": add_usage(state, usage)}

    def _within_budget(self, state: State) -> None:
        used = self._used(state)
        if used > self._context.settings.budget_tokens:
            raise TOKENS_SPENT(used=used, budget=self._context.settings.budget_tokens)

    def _used(self, state: State) -> int:
        cost = Cost.model_validate(state.get("usage") or {})
        return cost.prompt_tokens - cost.cached_tokens + cost.completion_tokens
