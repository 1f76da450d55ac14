"""The jobs on disk: what there is, and how to take it away.

A job is removed while it is held, so never under a run. Its folder vanishes from the jobs at once
and is emptied afterwards: whoever comes in between finds the whole job or none.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from r2c.errors import InputError, StoreError, declare
from r2c.pipeline.store import BUSY, PROBLEM, RESULT, UNKNOWN_JOB, JobStore, is_id

AT_WORK = declare(
    "R2C-G034",
    StoreError,
    what="The job {job!r} cannot be removed while a run works on it.",
    why="That run would lose its problem and its steps.",
    remedy="Wait for that run, or end it, then remove; its hold on the job ends with it.",
)
NOT_REMOVED = declare(
    "R2C-G035",
    StoreError,
    what="The job {job!r} cannot be removed: {reason}.",
    why="Its folder is {folder!r}.",
    remedy="Correct the permissions of that folder and of the one that holds it.",
)
NOT_LISTED = declare(
    "R2C-G036",
    StoreError,
    what="The jobs in {folder!r} cannot be listed: {reason}.",
    why="Every job is a folder there.",
    remedy="Correct the permissions, or set R2C_DATA_DIR to the folder that is meant.",
)
State = Literal["finished", "running", "interrupted", "damaged"]
_LEFT_AFTER_SECONDS = 3600.0


@dataclass(frozen=True)
class Job:
    """A job as it lies on disk.

    `state` is `damaged` if its problem cannot be read, so that nobody can go on with it; `text` is
    the problem, empty if it cannot be read; `size` is in bytes.
    """

    id: str
    began: datetime
    state: State
    text: str
    size: int


def list_jobs(store: JobStore) -> tuple[Job, ...]:
    """All jobs, the latest first.

    Raises:
        StoreError: R2C-G036.
    """
    try:
        names = [path.name for path in store.jobs.iterdir()] if store.jobs.is_dir() else []
    except OSError as error:
        reason = error.strerror or str(error)
        raise NOT_LISTED(folder=str(store.jobs), reason=reason) from None
    found = [_job(store, name) for name in names if is_id(name)]
    jobs = [job for job in found if job is not None]
    return tuple(sorted(jobs, key=lambda job: (job.began, job.id), reverse=True))


def remove_job(store: JobStore, job: str) -> None:
    """Remove a job with everything that it keeps; also a damaged one.

    Raises:
        InputError: R2C-G030 if there is no such job.
        StoreError: R2C-G034 if a run works on it, R2C-G035 if its folder cannot be removed.
    """
    folder, hidden = store.folder(job), store.hidden(job)
    if not _is_folder(folder):
        raise UNKNOWN_JOB(job=job, root=str(store.root))
    with ExitStack() as hold:
        try:
            hold.enter_context(store.held(job))
        except StoreError as error:
            if error.code == BUSY.code:
                raise AT_WORK(job=job) from None
            reason = str(error.fault.details["reason"])
            raise NOT_REMOVED(job=job, folder=str(folder), reason=reason) from None
        except InputError:
            if not _is_folder(folder):  # another has removed it
                raise
            # A folder without a problem: no run can work on it.
        try:
            os.utime(folder)  # so that no other removal takes it for something left behind
            folder.rename(hidden)
            shutil.rmtree(hidden)
        except OSError as error:
            place = hidden if hidden.exists() else folder
            reason = error.strerror or str(error)
            raise NOT_REMOVED(job=job, folder=str(place), reason=reason) from None
    _sweep(store)


def _sweep(store: JobStore) -> None:
    """Empty the folders of which a killed process had not made a job yet, or not emptied all."""
    before = time.time() - _LEFT_AFTER_SECONDS
    for path in store.jobs.glob(".*"):
        with suppress(OSError):
            if is_id(path.name[1:]) and _is_folder(path) and path.stat().st_mtime < before:
                shutil.rmtree(path)


def _job(store: JobStore, name: str) -> Job | None:
    """The job of a folder; None if it is none, or is being removed."""
    folder = store.folder(name)
    if not _is_folder(folder):
        return None
    try:
        text = store.problem(name).text
    except (InputError, StoreError):
        text = ""
    problem = folder / PROBLEM
    try:
        began = (problem if problem.is_file() else folder).stat().st_mtime
    except OSError:
        return None
    return Job(
        id=name,
        began=datetime.fromtimestamp(began, UTC),
        state=_state(store, name, readable=bool(text)),
        text=text,
        size=_size(folder),
    )


def _state(store: JobStore, job: str, *, readable: bool) -> State:
    if (store.folder(job) / RESULT).is_file():
        return "finished"
    if not readable:
        return "damaged"
    try:
        with store.held(job):
            return "interrupted"
    except InputError:  # removed a moment ago
        return "damaged"
    except StoreError as error:
        return "running" if error.code == BUSY.code else "interrupted"


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # a run drops its steps when it ends
            total += path.lstat().st_size
    return total


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
