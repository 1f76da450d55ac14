"""What the tools answer with: the records of the library, short enough for a conversation."""

from __future__ import annotations

from pydantic import Field

from r2c.cir.asked import Asked
from r2c.cir.text import write_text
from r2c.client.wire import Sensitivities, Verdict
from r2c.errors import Fault
from r2c.formulation import Conflict, Evidence, Formulation, Outcome, Trust, Value
from r2c.problem.schema import Frozen

MOST_VALUES = 300
"""Values of a plan that are told; a conversation has no room for more."""


class Answer(Frozen):
    """What a job came to; the other tools take its id."""

    job: str
    outcome: Outcome
    trust: Trust
    confidence: float | None = None
    objective: float | None = None
    values: dict[str, tuple[Value, ...]] = Field(
        default_factory=dict, description="The plan by symbol; what is 0 is left out."
    )
    values_left_out: int = Field(default=0, description="Values beyond those that are told.")
    questions: tuple[Asked, ...] = Field(
        default=(), description="What only the planner can settle; `answer_questions` takes it."
    )
    doubts: tuple[Evidence, ...] = Field(default=(), description="The checks that failed.")
    conflict: Conflict | None = None
    faults: tuple[Fault, ...] = ()
    model: str = Field(default="", description="The model, as the text that people read.")


class Explanation(Frozen):
    """A model with the words it comes from, how far it may be believed, what numbers are worth."""

    job: str
    model: str = Field(description="The rules as text, each with the words it comes from.")
    verdict: Verdict
    worth: Sensitivities = Field(description="What one more unit of each number is worth.")


def answer_of(job: str, found: Formulation) -> Answer:
    """A formulation in short."""
    values, left_out = _told(found)
    return Answer(
        job=job,
        outcome=found.outcome,
        trust=found.trust,
        confidence=found.confidence,
        objective=found.objective,
        values=values,
        values_left_out=left_out,
        questions=found.questions,
        doubts=tuple(item for item in found.evidence if item.passed is False),
        conflict=found.conflict,
        faults=found.faults,
        model="" if found.cir is None else write_text(found.cir),
    )


def _told(found: Formulation) -> tuple[dict[str, tuple[Value, ...]], int]:
    known = {} if found.solution is None else found.solution.values
    told: dict[str, tuple[Value, ...]] = {}
    room, count = MOST_VALUES, 0
    for name, values in known.items():
        there = tuple(item for item in values if item.value != 0)
        told[name] = there[:room]
        count += len(there)
        room -= len(told[name])
    return told, count - (MOST_VALUES - room)
