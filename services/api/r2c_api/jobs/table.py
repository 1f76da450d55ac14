"""The table of jobs: every change of a job is one transaction, told as an event in the same one.

A worker that claims a job gets a fence, its own name and the number of the attempt. Whoever lost
the job to another attempt can change nothing any more, so a job ends once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from r2c.client.wire import JobEvent, JobState, Progress
from r2c.errors import Fault
from r2c.formulation import Event
from r2c_api.faults import (
    NO_SUCH_JOB,
    OTHER_REQUEST,
    QUEUE_FULL,
    TENANT_QUEUE_FULL,
    UNREADABLE_ROW,
    WORKERS_DIED,
)
from r2c_api.jobs.record import Kind, NewJob, Record, Request
from r2c_api.jobs.told_events import event_of, write_event
from r2c_api.store.database import Cell, Database, Found, Session

_CLAIM = """
UPDATE job SET state = 'running', worker = ?, beat = ?, updated = ?, attempt = attempt + 1,
    version = version + 1
WHERE id = (
    SELECT id FROM job WHERE state = 'queued' AND not_before <= ?
    ORDER BY (
        SELECT COUNT(*) FROM job AS other
        WHERE other.tenant = job.tenant AND other.state = 'running'
    ), created, id
    LIMIT 1 {claiming}
)
RETURNING *
"""
_LATEST = 512
"""Events that are looked at: so many may be numbered while one transaction is still open."""
_APART = 1e-5
"""Seconds between the jobs of a batch, which keep their order."""


@dataclass(frozen=True)
class Fence:
    """The right of one attempt to change its job."""

    job: str
    worker: str
    attempt: int


@dataclass(frozen=True)
class Key:
    """An idempotency key with the digest of the request that it stands for."""

    key: str
    digest: str


class JobTable:
    """All jobs of the service."""

    def __init__(self, database: Database, *, queue: int, share: int | None = None) -> None:
        """Jobs that may wait: `queue` in all, `share` of one tenant."""
        self._database = database
        self._share = queue if share is None else share
        self._queue = queue

    def submit(self, jobs: Sequence[NewJob], key: Key | None = None) -> str | None:
        """Enter new jobs, all or none; None, or what the key stood for already.

        Raises:
            StoreError: R2C-B607, too many wait; R2C-B613.
            InputError: R2C-B606, the key belongs to another request; R2C-B624, too many jobs of
                the tenant wait; R2C-B601, one could not be read again.
        """
        with self._database.writing() as session:
            session.alone("submit")  # the queue is counted, a key looked up before it is kept
            now = session.now()
            if key is not None:
                known = _known(session, jobs[0].tenant, key)
                if known is not None:
                    return known
            waiting = _count(session, "SELECT COUNT(*) AS n FROM job WHERE state = 'queued'")
            if waiting + len(jobs) > self._queue:
                raise QUEUE_FULL(waiting=waiting)
            waiting = _count(
                session,
                "SELECT COUNT(*) AS n FROM job WHERE state = 'queued' AND tenant = ?",
                jobs[0].tenant,
            )
            if waiting + len(jobs) > self._share:
                raise TENANT_QUEUE_FULL(waiting=waiting)
            for place, job in enumerate(jobs):
                _enter(session, job, now + place * _APART)
            if key is not None:
                session.run(
                    "INSERT INTO idempotency (tenant, key, digest, subject, at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    jobs[0].tenant, key.key, key.digest, jobs[0].batch or jobs[0].id, now,
                )  # fmt: skip
        return None

    def known(self, tenant: str, key: Key) -> str | None:
        """What an idempotency key stands for, if it was used before.

        Raises:
            InputError: R2C-B606, for another request.
        """
        with self._database.reading() as session:
            return _known(session, tenant, key)

    def get(self, tenant: str, job: str) -> Record:
        """A job of a tenant.

        Raises:
            InputError: R2C-B602, there is none.
        """
        with self._database.reading() as session:
            rows = session.run("SELECT * FROM job WHERE id = ? AND tenant = ?", job, tenant)
        if not rows:
            raise NO_SUCH_JOB(job=job[:80])
        return _shown(rows[0])

    def page(
        self, tenant: str, limit: int, before: float | None, batch: str | None = None
    ) -> list[Record]:
        """The latest jobs of a tenant, those created before a time."""
        wanted, values = "tenant = ?", [tenant]
        if batch is not None:
            wanted, values = wanted + " AND batch = ?", [*values, batch]
        with self._database.reading() as session:
            rows = session.run(
                f"SELECT * FROM job WHERE {wanted} AND created < ? "
                "ORDER BY created DESC, id DESC LIMIT ?",
                *values, 1e18 if before is None else before, limit,
            )  # fmt: skip
        return [_shown(row) for row in rows]

    def events(self, job: str, after: int) -> tuple[list[JobEvent], JobState]:
        """The events of a job after a number, with the state that it is in then."""
        with self._database.reading() as session:
            rows = session.run(
                "SELECT * FROM event WHERE job = ? AND number > ? ORDER BY number", job, after
            )
            state = session.run("SELECT state FROM job WHERE id = ?", job)
        ended = JobState(str(state[0]["state"])) if state else JobState.CANCELLED
        return [event_of(row) for row in rows], ended

    def position(self) -> tuple[int, int]:
        """Where the events of all jobs have come to: it changes with each that is written.

        Transactions may end in another order than their events were numbered, so the greatest
        number is not enough: an earlier one may appear after it.
        """
        with self._database.reading() as session:
            (row,) = session.run(
                "SELECT COUNT(*) AS n, COALESCE(SUM(position), 0) AS sum FROM "
                "(SELECT position FROM event ORDER BY position DESC LIMIT ?) AS latest",
                _LATEST,
            )
        return int(cast(int, row["n"])), int(cast(int, row["sum"]))

    def waiting(self) -> dict[JobState, int]:
        """How many jobs wait, and how many are worked on."""
        with self._database.reading() as session:
            rows = session.run(
                "SELECT state, COUNT(*) AS n FROM job WHERE state IN ('queued', 'running') "
                "GROUP BY state"
            )
        found = {JobState(str(row["state"])): int(cast("int", row["n"])) for row in rows}
        return {state: found.get(state, 0) for state in (JobState.QUEUED, JobState.RUNNING)}

    def go_on(self, tenant: str, job: str, request: Request, version: int) -> bool:
        """Let a job that has succeeded go on with another request.

        Returns:
            Whether it had, and is still of the version that the request was made from.

        Raises:
            InputError: R2C-B601, the request could not be read again.
        """
        with self._database.writing() as session:
            now = session.now()
            rows = session.run(
                "UPDATE job SET request = ?, cancel = 0, attempt = 0 "
                "WHERE id = ? AND tenant = ? AND state = 'succeeded' AND version = ? "
                "RETURNING id",
                request.kept(), job, tenant, version,
            )  # fmt: skip
            if rows:
                _change(session, job, JobState.QUEUED, now)
        return bool(rows)

    def cancel(self, tenant: str, job: str) -> Record:
        """Ask that a job ends; one that waits ends at once, one that has ended stays as it is.

        Raises:
            InputError: R2C-B602.
        """
        with self._database.writing() as session:
            now = session.now()
            waiting = session.run(
                "UPDATE job SET cancel = 1 WHERE id = ? AND tenant = ? AND state = 'queued' "
                "RETURNING id",
                job, tenant,
            )  # fmt: skip
            if waiting:
                _change(session, job, JobState.CANCELLED, now)
            else:
                session.run(
                    "UPDATE job SET cancel = 1, updated = ?, version = version + 1 "
                    "WHERE id = ? AND tenant = ? AND state = 'running' AND cancel = 0",
                    now, job, tenant,
                )  # fmt: skip
        return self.get(tenant, job)

    # -------------------------------------------------------------------- what workers do

    def claim(self, worker: str) -> tuple[Record, Fence] | None:
        """The job that has waited longest, now running for a worker.

        Tenants with less work under way come first: nobody waits for all the jobs of another. A
        job that cannot be read fails, and keeps no other one waiting.
        """
        with self._database.writing() as session:
            now = session.now()
            while True:
                rows = session.run(
                    _CLAIM.replace("{claiming}", self._database.claiming),
                    worker, now, now, now,
                )  # fmt: skip
                if not rows:
                    return None
                try:
                    record = _record(rows[0])
                except ValueError as error:
                    _give_up(session, rows[0], error, now)
                else:
                    break
            write_event(session, record.id, now, record.attempt, state=JobState.RUNNING)
        return record, Fence(record.id, worker, record.attempt)

    def beat(self, fences: Iterable[Fence]) -> tuple[set[Fence], set[Fence]]:
        """A sign of life for jobs; those that are to be cancelled, and those that are lost."""
        cancelled, lost = set(), set()
        with self._database.writing() as session:
            now = session.now()
            for fence in fences:
                rows = session.run(
                    "UPDATE job SET beat = ? WHERE id = ? AND worker = ? AND attempt = ? "
                    "AND state = 'running' RETURNING cancel",
                    now, fence.job, fence.worker, fence.attempt,
                )  # fmt: skip
                if not rows:
                    lost.add(fence)
                elif rows[0]["cancel"]:
                    cancelled.add(fence)
        return cancelled, lost

    def tell(self, fence: Fence, step: Event) -> None:
        """Keep a step of the way."""
        with self._database.writing() as session:
            if session.run(
                "SELECT id FROM job WHERE id = ? AND worker = ? AND attempt = ? "
                f"AND state = 'running' {self._database.holding}",
                fence.job, fence.worker, fence.attempt,
            ):  # fmt: skip
                write_event(session, fence.job, session.now(), fence.attempt, step=step)

    def end(
        self,
        fence: Fence,
        state: JobState,
        *,
        result: Progress | None = None,
        fault: Fault | None = None,
    ) -> bool:
        """End a job; whether it was still this attempt's to end."""
        return self._leave(fence, state, result=result, fault=fault)

    def hand_back(self, fence: Fence, seconds: float = 0.0, *, counted: bool = True) -> bool:
        """Let another attempt go on with a job, not before some seconds have passed.

        An attempt that is not `counted` does not bring the job nearer to its last one.
        """
        return self._leave(fence, JobState.QUEUED, seconds=seconds, counted=counted)

    def requeue_stalled(self, seconds: float, attempts: int) -> int:
        """Free the jobs whose workers gave no sign of life; the hopeless ones fail.

        Returns:
            How many were stalled.
        """
        with self._database.writing() as session:
            now = session.now()
            rows = session.run(
                f"SELECT * FROM job WHERE state = 'running' AND beat < ? {self._database.claiming}",
                now - seconds,
            )
            for row in rows:
                try:
                    record = _record(row)
                except ValueError as error:
                    _give_up(session, row, error, now)
                    continue
                if record.cancel:
                    _change(session, record.id, JobState.CANCELLED, now)
                elif record.attempt >= attempts:
                    fault = WORKERS_DIED.fault(attempts=record.attempt)
                    _change(session, record.id, JobState.FAILED, now, fault=fault)
                else:
                    _change(session, record.id, JobState.QUEUED, now)
        return len(rows)

    def old(self, before: float, most: int = 200) -> list[tuple[str, str]]:
        """Tenants and ids of jobs that ended before a time, the oldest first."""
        with self._database.reading() as session:
            rows = session.run(
                "SELECT id, tenant FROM job WHERE ended < ? ORDER BY ended LIMIT ?", before, most
            )
        return [(str(row["tenant"]), str(row["id"])) for row in rows]

    def forget(self, jobs: Iterable[str], before: float) -> None:
        """Forget jobs that ended before a time and have not gone on since, with their events."""
        with self._database.writing() as session:
            for job in jobs:
                if session.run(
                    "DELETE FROM job WHERE id = ? AND ended < ? RETURNING id", job, before
                ):
                    session.run("DELETE FROM event WHERE job = ?", job)
            session.run("DELETE FROM idempotency WHERE at < ?", before)

    def now(self) -> float:
        """Seconds since 1970 by the clock of the store."""
        with self._database.reading() as session:
            return session.now()

    def _leave(
        self,
        fence: Fence,
        state: JobState,
        *,
        seconds: float = 0.0,
        counted: bool = True,
        result: Progress | None = None,
        fault: Fault | None = None,
    ) -> bool:
        with self._database.writing() as session:
            mine = session.run(
                "SELECT cancel FROM job WHERE id = ? AND worker = ? AND attempt = ? "
                f"AND state = 'running' {self._database.holding}",
                fence.job, fence.worker, fence.attempt,
            )  # fmt: skip
            if mine and mine[0]["cancel"] and state is JobState.QUEUED:
                state = JobState.CANCELLED  # nobody is to go on with what was to end
            if mine:
                now = session.now()
                _change(session, fence.job, state, now, seconds, counted, result, fault)
        return bool(mine)


def _change(
    session: Session,
    job: str,
    state: JobState,
    now: float,
    seconds: float = 0.0,
    counted: bool = True,
    result: Progress | None = None,
    fault: Fault | None = None,
) -> None:
    if state in (JobState.FAILED, JobState.CANCELLED) and _back(session, job, now, fault):
        state = JobState.SUCCEEDED
    rows = session.run(
        "UPDATE job SET state = ?, updated = ?, ended = ?, worker = NULL, not_before = ?, "
        "attempt = attempt - ?, result = COALESCE(?, result), fault = ?, version = version + 1 "
        "WHERE id = ? RETURNING attempt",
        state.value, now, now if state.ended else None, now + seconds, 0 if counted else 1,
        None if result is None else result.model_dump_json(),
        None if fault is None else fault.model_dump_json(), job,
    )  # fmt: skip
    write_event(session, job, now, int(cast("int", rows[0]["attempt"])), state=state)


def _back(session: Session, job: str, now: float, fault: Fault | None) -> bool:
    """Let a job that went on with answers be again as it was before them; whether it did."""
    said = str(session.run("SELECT request FROM job WHERE id = ?", job)[0]["request"])
    try:
        request = Request.model_validate_json(said)
    except ValueError:  # told by whoever reads the row
        return False
    if request.before is None:
        return False
    was = request.model_copy(update={"answers": request.before, "before": None})
    session.run("UPDATE job SET request = ?, cancel = 0 WHERE id = ?", was.kept(), job)
    why = "it was cancelled" if fault is None else fault.code
    message = f"The job did not come to another answer ({why}); the one before stands."
    write_event(session, job, now, step=Event(stage="answers", message=message))
    return True


def _give_up(session: Session, row: Found, error: ValueError, now: float) -> None:
    """Let a job fail that cannot be read, without what cannot be read of it."""
    job = str(row["id"])
    session.run("UPDATE job SET request = '{}', result = '{}' WHERE id = ?", job)
    fault = UNREADABLE_ROW.fault(kind=type(error).__name__)
    _change(session, job, JobState.FAILED, now, fault=fault)


def _enter(session: Session, job: NewJob, now: float) -> None:
    session.run(
        "INSERT INTO job (id, tenant, kind, state, title, parent, batch, request, result, created, "
        "updated, not_before, attempt, cancel, version) "
        "VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, '{}', ?, ?, ?, 0, 0, 1)",
        job.id, job.tenant, job.kind, job.title, job.parent, job.batch,
        job.request.kept(), now, now, now,
    )  # fmt: skip
    write_event(session, job.id, now, state=JobState.QUEUED)


def _known(session: Session, tenant: str, key: Key) -> str | None:
    rows = session.run(
        "SELECT digest, subject FROM idempotency WHERE tenant = ? AND key = ?", tenant, key.key
    )
    if not rows:
        return None
    if rows[0]["digest"] != key.digest:
        raise OTHER_REQUEST(key=key.key[:80])
    return str(rows[0]["subject"])


def _count(session: Session, sql: str, *values: Cell) -> int:
    return int(cast("int", session.run(sql, *values)[0]["n"]))


def _shown(row: Found) -> Record:
    """A row for those who look at it; one that cannot be read is shown as failed."""
    try:
        return _record(row)
    except ValueError as error:
        fault = UNREADABLE_ROW.fault(kind=type(error).__name__)
        emptied: dict[str, Cell] = {"request": "{}", "result": "{}", "state": "failed"}
        return _record({**row, **emptied, "fault": fault.model_dump_json()})


def _record(row: Found) -> Record:
    """A row as a record.

    Raises:
        ValueError: it cannot be read.
    """

    def text(name: str) -> str | None:
        value: Cell = row[name]
        return None if value is None else str(value)

    fault = text("fault")
    return Record(
        id=str(row["id"]),
        tenant=str(row["tenant"]),
        kind=cast("Kind", row["kind"]),
        state=JobState(str(row["state"])),
        title=str(row["title"]),
        created=float(cast("float", row["created"])),
        updated=float(cast("float", row["updated"])),
        ended=None if row["ended"] is None else float(cast("float", row["ended"])),
        attempt=int(cast("int", row["attempt"])),
        parent=text("parent"),
        batch=text("batch"),
        request=Request.model_validate_json(str(row["request"])),
        result=Progress.model_validate_json(str(row["result"])),
        fault=None if fault is None else Fault.model_validate_json(fault),
        cancel=bool(row["cancel"]),
        version=int(cast("int", row["version"])),
    )
