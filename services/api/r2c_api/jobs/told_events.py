"""The events of jobs as rows, written in the transaction that changes the job."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from r2c.client.wire import JobEvent, JobState
from r2c.formulation import Event
from r2c_api.store.database import Found, Session


def write_event(
    session: Session,
    job: str,
    now: float,
    attempt: int = 0,
    *,
    state: JobState | None = None,
    step: Event | None = None,
) -> None:
    """Keep what happened to a job, under the next number."""
    session.run(
        "INSERT INTO event (job, number, at, attempt, state, step) VALUES (?, "
        "(SELECT COALESCE(MAX(number), 0) + 1 FROM event WHERE job = ?), ?, ?, ?, ?)",
        job, job, now, attempt,
        None if state is None else state.value,
        None if step is None else step.model_dump_json(),
    )  # fmt: skip


def event_of(row: Found) -> JobEvent:
    """A row as an event."""
    return JobEvent(
        number=int(cast("int", row["number"])),
        at=datetime.fromtimestamp(float(cast("float", row["at"])), UTC),
        attempt=int(cast("int", row["attempt"])),
        state=None if row["state"] is None else JobState(str(row["state"])),
        step=None if row["step"] is None else Event.model_validate_json(str(row["step"])),
    )
