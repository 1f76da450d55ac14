"""Which jobs `r2c jobs remove` takes: those that are named, or those that fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from r2c.errors import InputError, StoreError, declare
from r2c.pipeline.jobs import AT_WORK, Job, list_jobs, remove_job
from r2c.pipeline.store import UNKNOWN_JOB, JobStore

NOT_CHOSEN = declare(
    "R2C-X115",
    InputError,
    what="{problem}",
    why="A job that was removed cannot be brought back, so it must be clear which are meant.",
    remedy="Either name jobs by their ids, or give --finished, --older-than DAYS or both.",
)
_SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True)
class Fate:
    """What became of a job that was to be removed: it is gone, or it is kept as it is running."""

    job: str
    gone: bool


def removed(
    store: JobStore, ids: Sequence[str], *, finished: bool, older_than: float | None
) -> Iterator[Fate]:
    """Remove jobs one by one, and tell each.

    Args:
        store: The jobs.
        ids: Those that are named.
        finished: Whether those are meant that have a result.
        older_than: The days ago before which those began that are meant.

    Raises:
        InputError: R2C-X115 if it is not clear which are meant, R2C-G030 if one that is named is
            not there; nothing is removed then.
        StoreError: R2C-G034 if one that is named is running, R2C-G035, R2C-G036.
    """
    fitting = finished or older_than is not None
    if not ids and not fitting:
        raise NOT_CHOSEN(problem="No job to remove is named.")
    if ids and fitting:
        raise NOT_CHOSEN(problem="Jobs to remove are named, and others are told by an option.")
    jobs = list_jobs(store)
    if ids:
        yield from _named(store, ids, jobs)
    else:
        yield from _fitting(store, [job for job in jobs if _fits(job, finished, older_than)])


def _named(store: JobStore, ids: Sequence[str], jobs: Sequence[Job]) -> Iterator[Fate]:
    known = {job.id for job in jobs}
    for name in ids:
        if name not in known:
            raise UNKNOWN_JOB(job=name[:80], root=str(store.root))
    for name in dict.fromkeys(ids):
        remove_job(store, name)
        yield Fate(name, gone=True)


def _fitting(store: JobStore, jobs: Sequence[Job]) -> Iterator[Fate]:
    for job in jobs:
        try:
            remove_job(store, job.id)
        except StoreError as error:
            if error.code != AT_WORK.code:
                raise
            yield Fate(job.id, gone=False)
        except InputError:  # somebody else has just removed it
            continue
        else:
            yield Fate(job.id, gone=True)


def _fits(job: Job, finished: bool, older_than: float | None) -> bool:
    age = (datetime.now(UTC) - job.began).total_seconds() / _SECONDS_A_DAY
    return (not finished or job.state == "finished") and (older_than is None or age > older_than)
