"""What an answer of the service means: the record that was asked for, or an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import ValidationError

from r2c.client.calls import Call
from r2c.client.faults import CANCELLED, NOT_THE_SERVICE, JobFailed, ServiceError
from r2c.client.wire import Job, JobEvent, JobState, ProblemDetails
from r2c.errors import Fault

T = TypeVar("T")


def read(call: Call[T], url: str, status: int, content: bytes) -> T:
    """What was asked for.

    Raises:
        ServiceError: what the service answered instead.
        StoreError: R2C-X801, it is no answer of R2C.
    """
    if status >= 400:
        raise refusal(url, status, content)
    try:
        return call.read(content)
    except (ValidationError, UnicodeDecodeError):
        raise NOT_THE_SERVICE(url=url, status=status, said=_shown(content)) from None


def refusal(url: str, status: int, content: bytes) -> Exception:
    """The error that an answer tells."""
    try:
        said = ProblemDetails.model_validate_json(content)
    except ValidationError:
        said = None
    if said is None or not said.code:
        return NOT_THE_SERVICE(url=url, status=status, said=_shown(content))
    details = {**said.details, "errors": [item.model_dump() for item in said.errors]}
    fault = Fault(
        code=said.code,
        what=said.detail,
        why=said.why,
        remedy=said.remedy,
        details=details if said.errors else said.details,
    )
    return ServiceError(fault, status)


def without_answer(job: Job) -> JobFailed | None:
    """Why a job that has ended has no answer; None if it has one.

    A job that went on with answers to questions and failed is as it was before them: its parts are
    there, and its fault says why it has no other answer.
    """
    if job.state is JobState.SUCCEEDED and job.fault is None:
        return None
    return JobFailed(job.fault or CANCELLED.fault(job=job.id))


class EventReader:
    """Puts the lines of a stream together to events."""

    def __init__(self, last: int = 0) -> None:
        self.last = last
        self.ended = False

    def feed(self, line: str) -> Iterator[JobEvent]:
        """The event that a line completes; those that were seen are passed over."""
        if not line.startswith("data: "):
            return
        event = JobEvent.model_validate_json(line[6:])
        if event.number > self.last:
            self.last = event.number
            self.ended = event.state is not None and event.state.ended
            yield event


def _shown(content: bytes) -> str:
    return content[:200].decode("utf-8", errors="replace")
