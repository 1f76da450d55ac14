"""One job: the forked process locks itself in, runs the program, writes its result and ends.

Order matters: namespaces while files can still be mounted, then limits and privileges, then
Landlock, and seccomp last, for it forbids all the steps before it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from r2c_benchmarks.sandbox import landlock, namespaces, seccomp
from r2c_benchmarks.sandbox.frames import write_frame
from r2c_benchmarks.sandbox.limits import Limits, apply, die_with_parent, drop_privileges

RESULT = 3
NOT_CONFINED = 70
SOLVER_MARGIN = 2.0
"""Seconds between the solver's time limit and the wall limit."""


@dataclass(frozen=True)
class Job:
    """What one forked process is to do, and what it may still see."""

    source: str | None  # None only tries the lock
    limits: Limits
    own_namespaces: bool
    readable: Sequence[Path]
    workplace: Path


def run(job: Job, result: int) -> NoReturn:
    """Do the job in this freshly forked process; writes one frame to `result` and ends."""
    status = NOT_CONFINED
    try:
        status = _outer(job, result)
    finally:
        os._exit(status)


def _outer(job: Job, result: int) -> int:
    os.setsid()
    die_with_parent()
    _only_descriptor(result)
    folder = job.workplace
    if job.own_namespaces:
        inner = namespaces.enter(job.readable, job.workplace, job.limits.tmp_bytes)
        if inner:
            os.close(RESULT)
            return os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF
        die_with_parent()
        folder = Path("/tmp")
    os.chdir(folder)
    path = folder / "program.py"
    path.write_text(job.source or "", encoding="utf-8", errors="replace")
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
    if job.source is None:
        write_frame(RESULT, {"status": "confined"})
        return 0
    from r2c_benchmarks.sandbox.program import run_program

    seconds = max(1.0, job.limits.wall_seconds - SOLVER_MARGIN)
    write_frame(RESULT, asdict(run_program(path, seconds)))
    return 0


def _only_descriptor(result: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    if result != RESULT:
        os.dup2(result, RESULT, inheritable=False)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(RESULT + 1, 1024)
