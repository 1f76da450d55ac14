"""What travels between the service and its clients beside formulations and models.

Both sides import these records, so neither can drift from the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from r2c.cir.asked import Asked
from r2c.errors import Fault
from r2c.formulation import (
    Choice,
    CostRange,
    Event,
    Evidence,
    Outcome,
    Sensitivity,
    Trust,
)
from r2c.problem.schema import Frozen

G = TypeVar("G", bound="Given")
TEXT_LIMIT = 200_000
"""Longest problem text, in characters."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
"""A number that JSON can say."""
Value = str | int | Finite | bool | None
"""One cell of a table."""
_FIRST = Field(fail_fast=True)
"""Of a list only the first wrong item is told: one takes longer than a hundred right ones."""
TableData = Annotated[list[dict[str, Value]], _FIRST] | dict[str, Annotated[list[Value], _FIRST]]
"""A table as a list of rows, or as columns."""
_MOST_COLUMNS = 10_000
_MOST_FAULTS = 100
MOST_REPLIES = 100
Label = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


def _bounded(tables: object) -> object:
    """Tables with so few columns that each may be told about, whatever is wrong with it."""
    if isinstance(tables, dict) and sum(map(_width, tables.values())) > _MOST_COLUMNS:
        raise ValueError(f"the tables have more than {_MOST_COLUMNS} columns")
    return tables


def _width(table: object) -> int:
    rows = table if isinstance(table, list) else [table]
    return max((len(row) for row in rows if isinstance(row, dict)), default=0) + 1


Tables = Annotated[dict[str, TableData], BeforeValidator(_bounded)]
"""Tables by name."""


def _few(answers: object) -> object:
    if isinstance(answers, dict) and len(answers) > MOST_REPLIES:
        raise ValueError(f"there are more than {MOST_REPLIES} answers")
    return answers


Replies = Annotated[
    dict[Label, Annotated[str, Field(max_length=500)] | Finite], BeforeValidator(_few)
]
"""Answers by the ids of questions."""


class JobState(StrEnum):
    """Where a job is; the last three are its end."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Given(Frozen):
    """What a request says; one that is wrong in very many places is refused as a whole.

    To tell of each takes so long that a request of some megabytes would keep all others waiting.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _few_faults(cls, given: Any, read: Callable[[Any], G]) -> G:
        try:
            return read(given)
        except ValidationError as error:
            count = error.error_count()
            if count <= _MOST_FAULTS:
                raise
        raise PydanticCustomError("many_faults", "{count} places are wrong", {"count": count})


class NewFormulation(Given):
    """A problem in words with its tables."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "A bakery makes buns and cakes. A bun needs 2 minutes of the oven and "
                    "earns $1, a cake needs 6 minutes and earns $4. The oven runs for at most 60 "
                    "minutes. How many of each maximize the earnings?",
                    "title": "bakery",
                },
                {
                    "text": "Ship pallets from the plants to the shops at the least cost.",
                    "tables": {"plants": [{"plant": "A", "pallets": 40}]},
                },
            ]
        },
    )

    text: str = Field(description=f"The problem in words, at most {TEXT_LIMIT} characters.")
    tables: Tables = Field(
        default_factory=dict, description="Tables by name, each as rows or as columns."
    )
    samples: int | None = Field(
        default=None, ge=1, le=64, description="Readings sampled for the vote; unset: the setting."
    )
    title: Label = Field(
        default="", description="A name for people; left out, the first words of the problem."
    )


class Progress(Frozen):
    """What a job has come to, without the answer itself."""

    outcome: Outcome | None = None
    trust: Trust | None = None
    confidence: float | None = None
    objective: float | None = None
    questions: tuple[Asked, ...] = ()


class Job(Frozen):
    """One job of the service."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "3f0c2a9d41b7e865",
                    "kind": "formulate",
                    "state": "succeeded",
                    "title": "bakery",
                    "created": "2026-11-27T09:59:34.438730Z",
                    "updated": "2026-11-27T09:59:41.387455Z",
                    "ended": "2026-11-27T09:59:41.387455Z",
                    "attempt": 1,
                    "result": {"outcome": "optimal", "trust": "verified", "objective": 40.0},
                    "links": {
                        "self": "/v1/formulations/3f0c2a9d41b7e865",
                        "events": "/v1/formulations/3f0c2a9d41b7e865/events",
                        "result": "/v1/formulations/3f0c2a9d41b7e865/result",
                    },
                }
            ]
        },
    )

    id: str
    kind: Literal["formulate", "solve"] = Field(
        description="From words, or from a CIR without any language model."
    )
    state: JobState
    title: str = ""
    created: datetime
    updated: datetime
    ended: datetime | None = None
    attempt: int = Field(default=0, description="How often work on it began.")
    parent: str | None = Field(default=None, description="The job that this one revises.")
    batch: str | None = None
    result: Progress = Progress()
    fault: Fault | None = Field(default=None, description="Why the job failed.")
    links: dict[str, str] = Field(default_factory=dict)


class JobPage(Frozen):
    """Some jobs, the latest first; `next` leads to those before them."""

    jobs: tuple[Job, ...]
    next: str | None = None


class JobEvent(Frozen):
    """One thing that happened to a job; `number` counts from 1 without a gap."""

    number: int
    at: datetime
    attempt: int = 0
    state: JobState | None = Field(default=None, description="The state that the job came to.")
    step: Event | None = Field(default=None, description="A step of the way from words to answer.")


class FieldFault(Frozen):
    """What is wrong at one place of a request; `pointer` is a JSON pointer."""

    pointer: str
    detail: str


class ProblemDetails(BaseModel):
    """An error as RFC 9457 has it, with the three sentences of R2C."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:r2c:error:R2C-B602",
                    "title": "There is no formulation <job>.",
                    "status": 404,
                    "detail": "There is no formulation '3f0c2a9d41b7e865'.",
                    "instance": "/v1/formulations/3f0c2a9d41b7e865",
                    "code": "R2C-B602",
                    "why": "It never was, it was removed, or it belongs to somebody else.",
                    "remedy": "Check the id; GET /v1/formulations lists yours.",
                    "details": {"job": "3f0c2a9d41b7e865"},
                }
            ]
        },
    )

    type: str = "about:blank"
    title: str = ""
    status: int
    detail: str = ""
    instance: str = ""
    code: str = ""
    why: str = ""
    remedy: str = ""
    details: dict[str, JsonValue] = Field(default_factory=dict)
    errors: tuple[FieldFault, ...] = ()


class NewAnswers(Given):
    """Answers to questions of a formulation, by their ids."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"answers": {"unit_ton_s1": "short"}}]},
    )

    answers: Replies = Field(
        min_length=1,
        max_length=MOST_REPLIES,
        description="The value of an option, a number, or a number with its unit.",
    )


class NewBatch(Given):
    """Many problems at once."""

    items: tuple[NewFormulation, ...] = Field(min_length=1, max_length=200, fail_fast=True)


class Batch(Frozen):
    """The jobs of a batch in their order, and how many are in which state."""

    id: str
    counts: dict[JobState, int]
    jobs: tuple[Job, ...]


class Verdict(Frozen):
    """How far an answer may be believed, and on what grounds."""

    outcome: Outcome
    trust: Trust
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()
    choices: tuple[Choice, ...] = ()
    questions: tuple[Asked, ...] = ()
    faults: tuple[Fault, ...] = ()


class Sensitivities(Frozen):
    """What numbers are worth and how far; empty where nothing sure can be told."""

    sensitivity: tuple[Sensitivity, ...] = ()
    cost_ranges: tuple[CostRange, ...] = ()


class Changes(Given):
    """Changes of a model, all at once, in the language of `r2c whatif`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"changes": ["capacity = 120", "sentence 4: 100 -> 120"]},
                {"changes": ["without r3"]},
            ]
        },
    )

    changes: tuple[Annotated[str, Field(max_length=500)], ...] = Field(
        min_length=1, max_length=50, fail_fast=True
    )


class Wish(Given):
    """A relation over decisions, or one decision, in the language of `r2c whynot`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"wish": "loaves >= 31"}]}
    )

    wish: str = Field(max_length=500)


class ModelChange(Frozen):
    """One difference between two models; `name` is a symbol, a rule or the place of a goal."""

    kind: Literal["added", "removed", "changed"]
    what: Literal["set", "parameter", "definition", "decision", "rule", "objective"]
    name: str
    details: str


class Difference(Frozen):
    """What leads from one model to another.

    `renamed` is there if they differ and are still one but for names, with their data: each
    variable with what it is called in the other model.
    """

    same: bool
    changes: tuple[ModelChange, ...] = ()
    renamed: dict[str, str] | None = None


class CardBrief(Frozen):
    """An archetype in a line; `score` where words were searched for.

    `origin` tells whose it is: R2C's, an own one of the tenant or of the service, or such a one in
    the place of R2C's.
    """

    id: str
    family: str
    name: str
    meaning: str
    origin: Literal["r2c", "own", "shadow"] = "r2c"
    score: float | None = None


class CardList(Frozen):
    """Archetypes, the likeliest first."""

    cards: tuple[CardBrief, ...]
