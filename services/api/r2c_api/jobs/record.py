"""A job as the store keeps it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from r2c.cir.schema import CIR
from r2c.client.wire import Job, JobState, Progress
from r2c.errors import Fault
from r2c.formulation import Formulation
from r2c.problem.schema import Frozen
from r2c_api.faults import MALFORMED
from r2c_api.outside import outside

Kind = Literal["formulate", "solve"]


class Request(Frozen):
    """What a job is to do, beside its problem: samples, a model to solve, answers to take."""

    samples: int | None = None
    cir: CIR | None = None
    answers: dict[str, str | float] = Field(default_factory=dict)
    trace: str = Field(default="", description="A `traceparent`: the work belongs to its trace.")

    def kept(self) -> str:
        """The request as the store keeps it, which has been read back.

        Raises:
            InputError: R2C-B601, it could not be read again, so no worker could do it.
        """
        text = ""
        try:
            text = self.model_dump_json()
            same = Request.model_validate_json(text) == self
        except ValueError:
            same = False
        if not same:
            problem = "it holds a value that cannot be kept, such as a number that is not finite"
            raise MALFORMED(problem=problem, count=1)
        return text


class NewJob(Frozen):
    """A job that is to be entered in the store."""

    id: str
    tenant: str
    kind: Kind
    request: Request = Request()
    title: str = ""
    parent: str | None = None
    batch: str | None = None


class Record(Frozen):
    """One row; times are seconds since 1970, `version` grows with every change."""

    id: str
    tenant: str
    kind: Kind
    state: JobState
    title: str
    created: float
    updated: float
    ended: float | None
    attempt: int
    parent: str | None
    batch: str | None
    request: Request
    result: Progress
    fault: Fault | None
    cancel: bool
    version: int

    def told(self) -> Job:
        """The job as clients see it."""
        here = f"/v1/formulations/{self.id}"
        links = {"self": here, "events": f"{here}/events", "cancel": f"{here}/cancel"}
        if self.state is JobState.SUCCEEDED:
            links |= {
                part: f"{here}/{part}"
                for part in ("result", "cir", "solution", "verdict", "sensitivity", "iis")
            }
            links |= {
                form: f"{here}/formulation/{form}" for form in ("latex", "lp", "mps", "python")
            }
        return Job(
            id=self.id,
            kind=self.kind,
            state=self.state,
            title=self.title,
            created=_moment(self.created),
            updated=_moment(self.updated),
            ended=None if self.ended is None else _moment(self.ended),
            attempt=self.attempt,
            parent=self.parent,
            batch=self.batch,
            result=self.result,
            fault=None if self.fault is None else outside(self.fault),
            links=links,
        )


def progress(answer: Formulation) -> Progress:
    """The answer in a few words."""
    return Progress(
        outcome=answer.outcome,
        trust=answer.trust,
        confidence=answer.confidence,
        objective=answer.objective,
        questions=answer.questions,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
