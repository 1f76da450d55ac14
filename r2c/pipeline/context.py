"""What the steps of a job share besides the state: the problem, the model, limits, the listener."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, cast

from pydantic import JsonValue

from r2c.agents.choose_dialect import Reading, dialect_of
from r2c.agents.clauses import Clause
from r2c.agents.dialect import Dialect
from r2c.agents.given import NOTHING_GIVEN, Given
from r2c.agents.parser import Option, Sampling
from r2c.agents.roster import Choice
from r2c.agents.verifier import Readings
from r2c.formulation import Event
from r2c.formulation import Usage as Cost
from r2c.llm.model import LanguageModel, Usage
from r2c.pipeline.pace import Pace, affordable
from r2c.pipeline.shelf import shelf
from r2c.pipeline.state import Record, State
from r2c.pipeline.worker import JobSolver
from r2c.problem.schema import Problem
from r2c.settings import Settings
from r2c.solve.limits import Limits

Listener = Callable[[Event], None]
FIRST_SEED = 1
"""That of the first round; each repair has one of its own."""
LAST_SECONDS = 2.0
"""What a solve gets when the job's time is used up: the answer found so far is still judged."""


@dataclass
class Context:
    """One run of a job; not saved.

    `given` are the answers to the questions of earlier runs; those about words and tables are in
    the problem already.
    """

    problem: Problem
    model: LanguageModel
    settings: Settings
    process: JobSolver
    listener: Listener | None = None
    given: Given = NOTHING_GIVEN
    began: float = field(default_factory=time.monotonic)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.read_as(self.settings.reading)

    def read_as(self, reading: Reading) -> None:
        """Take a way of reading: that with which the job began, whatever the settings say now."""
        self.reading = reading
        self.dialect: Dialect = dialect_of(
            self.problem, lambda: shelf(self.settings.cache_dir), reading
        )

    @property
    def reflection(self) -> Literal["evidence", "failures", "none"]:
        """What is read again; a small model that is guided mends nothing by evidence."""
        chosen = self.settings.reflection
        if chosen != "auto":
            return chosen
        return "failures" if self.reading == "guided" else "evidence"

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What is read one by one."""
        return self.dialect.clauses

    @property
    def deadline(self) -> float:
        """`time.monotonic()` at which the job's time is used up."""
        return self.began + self.settings.budget_seconds

    @property
    def limits(self) -> Limits:
        """Limits of one solve, within what is left of the job's time."""
        left = max(LAST_SECONDS, self.deadline - time.monotonic())
        return Limits(
            seconds=min(self.settings.solve_seconds, left),
            memory_mb=self.settings.solve_memory_mb,
            threads=self.settings.solve_threads,
        )

    def sampling(self, state: State) -> Sampling:
        """How to sample: with another seed in every repair, and fewer where the budget is short."""
        return Sampling(
            samples=affordable(self.samples(state), self._pace(state)),
            seed=FIRST_SEED + 1000 * state.get("round", 0),
            deadline=self.deadline,
        )

    def _pace(self, state: State) -> Pace:
        cost = Cost.model_validate(state.get("usage") or {})
        tokens = cost.prompt_tokens - cost.cached_tokens + cost.completion_tokens
        unread = self.clauses[len(state.get("options", [])) :]
        known = roster(state)
        open_ones = sum(self.dialect.settled(clause, known) is None for clause in unread)
        return Pace(
            asked=cost.calls,
            tokens=tokens,
            seconds=cost.seconds,
            tokens_left=self.settings.budget_tokens - tokens,
            seconds_left=self.deadline - time.monotonic() - LAST_SECONDS,
            ahead=max(1, open_ones + (not state.get("goal"))),
        )

    def samples(self, state: State) -> int:
        """The samples of the job, whatever the settings say when it is resumed."""
        return state.get("samples", self.settings.samples)

    def tell(self, stage: str, message: str, **details: JsonValue) -> list[Record]:
        """Tell the listener, and return what the state keeps of it."""
        seconds = round(time.monotonic() - self.began, 3)
        event = Event(stage=stage, message=message, seconds=seconds, details=details)
        if self.listener is not None:
            self.listener(event)
        return [event.model_dump(mode="json")]

    def readings(self, state: State) -> Readings:
        """All options of the state, as the Verifier wants them."""
        return Readings(
            dialect=self.dialect,
            roster=roster(state),
            options=tuple(tuple(map(_option, of)) for of in state.get("options", [])),
            goal=tuple(map(_option, state.get("goal", []))),
            samples=self.samples(state),
            given=self.given,
        )

    def told(self, state: State, before: int | None = None) -> list[tuple[Clause, str]]:
        """The clauses read so far with their best readings, those from `before` on left out."""
        best = [str(of[0]["text"]) for of in state.get("options", [])][:before]
        return list(zip(self.clauses, best, strict=False))


def roster(state: State) -> tuple[Choice, ...]:
    """The decisions of the state."""
    return tuple(
        Choice(
            str(item["name"]),
            str(item["meaning"]),
            tuple(map(str, cast("list[str]", item.get("over", [])))),
            str(item.get("declared", "")),
        )
        for item in state.get("roster", [])
    )


def record(option: Option) -> Record:
    """An option as the state keeps it."""
    told: Record = {"text": option.text, "votes": option.votes, "score": option.score}
    return told if option.asked is None else {**told, "asked": option.asked}


def add_usage(state: State, usage: Usage) -> Record:
    """The state's cost with a call added."""
    total = Cost.model_validate(state.get("usage") or {}) + Cost(
        calls=usage.calls,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
        seconds=usage.seconds,
    )
    return total.model_dump(mode="json")


def _option(item: Record) -> Option:
    asked = item.get("asked")
    return Option(
        str(item["text"]),
        int(str(item["votes"])),
        float(str(item["score"])),
        None if asked is None else int(str(asked)),
    )
