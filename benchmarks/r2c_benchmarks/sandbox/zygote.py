"""A warm process that forks one locked-in process for every program, and one for every model.

Importing Pyomo costs more than most programs, so it is done once. The zygote starts with an empty
environment, holds no secret, reads requests from standard input and answers on standard output.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from r2c_benchmarks.sandbox import landlock, seccomp
from r2c_benchmarks.sandbox.child import Job, Task, run
from r2c_benchmarks.sandbox.frames import Closed, Silence, read_frame, write_frame
from r2c_benchmarks.sandbox.limits import Limits
from r2c_benchmarks.sandbox.machine import syscall
from r2c_benchmarks.sandbox.mps import mps_of
from r2c_benchmarks.sandbox.optimum import read_optimum
from r2c_benchmarks.sandbox.program import LONGEST_MESSAGE

REQUEST_BYTES = 32 << 20
PROBE = Limits(wall_seconds=20)
THREAD_SECONDS = 2.0
_SYSTEM = "/usr/lib /lib /lib64 /usr/lib64 /etc/ld.so.cache /dev/null /dev/urandom".split()


@dataclass(frozen=True)
class Lock:
    """How programs are confined here, or why none is run."""

    own_namespaces: bool = False
    refusal: str = ""

    @property
    def level(self) -> str:
        """In words."""
        return ("namespaces + " if self.own_namespaces else "") + "Landlock + seccomp"


def main(want_namespaces: bool) -> None:
    """Warm up, tell the level of confinement, then serve requests until standard input ends."""
    syscall("prctl", 36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: nothing escapes the wait below
    warm_up()
    readable = readable_paths()
    lock = find_lock(want_namespaces, readable)
    write_frame(1, {"level": lock.level, "refusal": lock.refusal})
    while not lock.refusal:
        try:
            request = read_frame(0, REQUEST_BYTES)
            job = Job(
                request["task"],
                request["text"],
                Limits(**request["limits"]),
                lock.own_namespaces,
                readable,
            )
            write_frame(1, execute(job))
        except Closed:
            return


def warm_up() -> None:
    """Import and use once what every program needs, leaving a single thread."""
    import highspy
    import numpy  # noqa: F401
    import pyomo.environ as pyo
    from pyomo.contrib.solver.solvers.highs import Highs

    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, 1))
    model.goal = pyo.Objective(expr=model.x, sense=pyo.maximize)
    Highs().solve(model, threads=1)
    with tempfile.NamedTemporaryFile("w", prefix="r2c-sandbox-", suffix=".mps") as file:
        file.write(mps_of(model))
        file.flush()
        read_optimum(Path(file.name), time.monotonic() + 10)
    highspy.Highs.resetGlobalScheduler(True)


def readable_paths() -> tuple[Path, ...]:
    """The standard library, the folders the packages were loaded from, the system's libraries."""
    import numpy
    import pyomo

    paths = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}
    paths |= {Path(str(package.__file__)).parents[1] for package in (numpy, pyomo)}
    paths |= {Path(path) for path in _SYSTEM}
    outermost = [p for p in paths if not any(q != p and p.is_relative_to(q) for q in paths)]
    return tuple(sorted(outermost))


def find_lock(want_namespaces: bool, readable: tuple[Path, ...]) -> Lock:
    """The strongest confinement that a trial shows to work: never less than the second degree."""
    if landlock.version() < 1:
        return Lock(refusal="the kernel offers no Landlock")
    if not seccomp.available():
        return Lock(refusal="the kernel offers no seccomp filter, or the processor is unknown")
    if (threads := _threads(time.monotonic() + THREAD_SECONDS)) != 1:
        return Lock(refusal=f"{threads} threads run where one is needed to fork safely")
    said = {"message": "without namespaces it takes a kernel of 6.2 or newer"}
    enough = landlock.version() >= landlock.KEEPS_WHAT_IS_THERE
    for own in [True] * want_namespaces + [False] * enough:
        said = execute(Job("trial", "", PROBE, own, readable))
        if said["status"] == "confined":
            return Lock(own)
    return Lock(refusal=f"the trial of Landlock and seccomp failed ({said['message']})")


def _threads(deadline: float) -> int:
    """The threads of this process, once those that are ending have ended."""
    while True:
        found = len(os.listdir("/proc/self/task"))  # noqa: PTH208
        if found == 1 or time.monotonic() > deadline:
            return found
        time.sleep(0.01)


def execute(job: Job) -> dict[str, Any]:
    """Fork, wait within the wall limit, kill what is left, and tell what came."""
    workplace = Path(tempfile.mkdtemp(prefix="r2c-sandbox-"))
    reader, writer = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        run(job, workplace, writer)
    os.close(writer)
    try:
        wall = began + job.limits.wall_seconds
        said = kept(job.task, read_frame(reader, job.limits.output_bytes, wall))
    except Silence:
        said = {"status": "limit", "message": f"stopped after {job.limits.wall_seconds:g} s"}
    except Closed as error:
        said = {"status": "error", "message": f"ended without a result ({error})"}
    finally:
        os.close(reader)
        cpu = _end(child)
        _remove(workplace)
    return {**said, "seconds": time.monotonic() - began, "cpu_seconds": cpu}


def kept(task: Task, said: dict[str, Any]) -> dict[str, Any]:
    """What counts of what a job said; a program may say anything and has a model or none."""
    if task != "program":
        return said
    mps, message = said.get("mps"), said.get("message")
    if isinstance(mps, str) and mps and mps.isascii():
        return {"status": "model", "mps": mps}
    told = message if isinstance(message, str) and message else "what it left is no model"
    return {"status": "error", "message": told[:LONGEST_MESSAGE]}


def _end(child: int) -> float:
    """Kill the job's process group and reap all of it; the processor seconds it took."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        # Not its own group yet: killed before its first step.
        os.kill(child, signal.SIGKILL)
    cpu = 0.0
    while True:
        try:
            used = os.wait3(0)[2]
        except ChildProcessError:
            return cpu
        cpu += used.ru_utime + used.ru_stime


def _remove(workplace: Path) -> None:
    try:
        shutil.rmtree(workplace)
    except (OSError, RecursionError):
        # A program may nest folders deeper than Python's own remover can follow.
        if not os.fork():
            os.execv("/bin/rm", ["rm", "-rf", "--", str(workplace)])
        os.wait()


if __name__ == "__main__":
    main(sys.argv[1:] == ["namespaces"])
