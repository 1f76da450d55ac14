"""What a job keeps beside its result so that an answer to a question goes on with the same job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pydantic import JsonValue

from r2c.agents.clauses import Clause
from r2c.agents.form import NOTHING
from r2c.cir.asked import Asked
from r2c.formulation import Outcome
from r2c.pipeline.state import Record, State
from r2c.problem.schema import Frozen

_STATE = (
    "roster",
    "refused",
    "looked_at",
    "round",
    "samples",
    "reading",
    "began",
    "models",
    "usage",
)


class Answers(Frozen):
    """What was asked when the job ended last, and the answers, the latest of each question."""

    asked: tuple[Asked, ...] = ()
    given: tuple[Asked, ...] = ()


class KeptClause(Frozen):
    """A clause as it was read, with its readings, best first."""

    sentence: int
    text: str
    options: list[Record]


class KeptReadings(Frozen):
    """What was read of a problem, and by which model.

    `planned` says whether there was a plan to judge the readings by.
    """

    clauses: tuple[KeptClause, ...]
    goal: list[Record]
    state: dict[str, JsonValue]
    events: list[Record]
    model: dict[str, JsonValue]
    planned: bool


def kept_readings(
    clauses: Sequence[Clause], state: State, outcome: Outcome, model: dict[str, JsonValue]
) -> KeptReadings:
    """What is kept of the last state of a job.

    Args:
        clauses: the clauses of the problem, as many as the state has readings of.
        state: the state, with readings of all clauses and of the objective.
        outcome: what the job came to.
        model: what is known about the model that read.
    """
    return KeptReadings(
        clauses=tuple(
            KeptClause(sentence=clause.sentence, text=clause.text, options=options)
            for clause, options in zip(clauses, state.get("options", []), strict=False)
        ),
        goal=state.get("goal", []),
        state={
            name: cast("JsonValue", state[name])  # type: ignore[literal-required]
            for name in _STATE
            if name in state
        },
        events=state.get("events", []),
        model=model,
        planned=outcome not in (Outcome.NEEDS_INPUT, Outcome.UNSUPPORTED),
    )


def resumed(kept: KeptReadings, clauses: Sequence[Clause]) -> State:
    """The state in which a job goes on: clauses that have changed are still to be read."""
    known = {(item.sentence, item.text): item.options for item in kept.clauses}
    nothing: list[Record] = [{"text": NOTHING, "votes": 0, "score": 0.0}]
    options = [known.get((clause.sentence, clause.text)) for clause in clauses]
    unread = [place for place, found in enumerate(options) if found is None]
    return cast(
        "State",
        {
            **kept.state,
            "options": [found or nothing for found in options],
            "goal": kept.goal,
            "events": kept.events,
            "unread": unread,
            "settled": kept.planned and not unread,
        },
    )
