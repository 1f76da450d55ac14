"""One job: the forked process locks itself in, does its one task, writes what came and ends.

A program is run, or a model solved; the two never share a process. Order matters: namespaces while
files can still be mounted, then limits and privileges, then Landlock, and seccomp last, for it
forbids all the steps before it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from r2c_benchmarks.sandbox import landlock, namespaces, seccomp
from r2c_benchmarks.sandbox.frames import write_frame
from r2c_benchmarks.sandbox.limits import Limits, apply, die_with_parent, drop_privileges
from r2c_benchmarks.sandbox.optimum import read_optimum
from r2c_benchmarks.sandbox.program import run_program

Task = Literal["trial", "program", "model"]

RESULT = 3
NOT_CONFINED = 70
SOLVER_MARGIN = 2.0
"""Seconds between the solver's time limit and the wall limit."""
_FILES: dict[Task, str] = {"trial": "nothing", "program": "program.py", "model": "model.mps"}


@dataclass(frozen=True)
class Job:
    """What one forked process is to do, and what it may still see."""

    task: Task  # a trial only tries the lock
    text: str  # of the program or the model
    limits: Limits
    own_namespaces: bool
    readable: Sequence[Path]


def run(job: Job, workplace: Path, result: int) -> NoReturn:
    """Do the job in this freshly forked process; writes one frame to `result` and ends."""
    status = NOT_CONFINED
    try:
        status = _outer(job, workplace, result)
    finally:
        os._exit(status)


def _outer(job: Job, folder: Path, result: int) -> int:
    os.setsid()
    die_with_parent()
    _only_descriptor(result)
    if job.own_namespaces:
        inner = namespaces.enter(job.readable, folder, job.limits.tmp_bytes)
        if inner:
            os.close(RESULT)
            return os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF
        die_with_parent()
        folder = Path("/tmp")
    os.chdir(folder)
    path = folder / _FILES[job.task]
    path.write_text(job.text, encoding="utf-8", errors="replace")
    apply(job.limits)
    drop_privileges()
    # Only a tmpfs bounds the bytes of all files together; without one there is nothing to write.
    readable, writable = (
        (job.readable, [folder])
        if job.own_namespaces
        else (
            [*job.readable, folder],
            [],
        )
    )
    landlock.restrict(readable, writable)
    seccomp.install()
    write_frame(RESULT, _done(job, path))
    return 0


def _done(job: Job, path: Path) -> dict[str, Any]:
    seconds = max(1.0, job.limits.wall_seconds - SOLVER_MARGIN)
    if job.task == "trial":
        return {"status": "confined"}
    if job.task == "model":
        return asdict(read_optimum(path, time.monotonic() + seconds))
    return asdict(run_program(path, seconds))


def _only_descriptor(result: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    if result != RESULT:
        os.dup2(result, RESULT, inheritable=False)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(RESULT + 1, 1024)
