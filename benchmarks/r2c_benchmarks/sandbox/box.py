"""The caller's side of the sandbox: start it once, hand it programs, get what their models come to.

A program and its model are two jobs in two confined processes. What the first hands over is checked
here to be a model in the one form that there is, before the second gets it.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import TYPE_CHECKING, get_args

from pydantic import JsonValue

from r2c.errors import SolveError, declare
from r2c_benchmarks.sandbox.frames import Closed, Silence, read_frame, write_frame
from r2c_benchmarks.sandbox.limits import Limits, ModelLimits
from r2c_benchmarks.sandbox.mps import fault_of
from r2c_benchmarks.sandbox.optimum import Reading, Status

if TYPE_CHECKING:
    from r2c_benchmarks.sandbox.child import Task

START_SECONDS = 120.0
LEAST_SECONDS = 1.0
GRACE = 10.0
"""Seconds past the wall limit after which the zygote itself is given up."""
PROGRAMS_PER_PROCESS = 500
"""Programs after which the warm process gives way to a fresh one, so that no leak grows."""

REFUSED = declare(
    "R2C-B001",
    SolveError,
    what="Programs written by a model are not run on this machine.",
    why="They need a sandbox of Landlock and seccomp at least: {reason}.",
    remedy="Use Linux 6.2 or newer on x86_64 or arm64 (5.13 where users may make namespaces), or "
    "a method that runs no programs.",
)
NOT_STARTED = declare(
    "R2C-B002",
    SolveError,
    what="The sandbox did not start.",
    why="Its process said: {reason}.",
    remedy="Check with `python -c 'import pyomo.environ, highspy'` that both load, and try again.",
)

# The search path is handed over instead of PYTHONPATH and `site`, which -I and -S leave out.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from r2c_benchmarks.sandbox.zygote import main; main(sys.argv[1] == 'namespaces')"
)
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Execution:
    """What the model of a program comes to, and what building and solving it cost."""

    reading: Reading
    seconds: float
    cpu_seconds: float


class Sandbox:
    """Runs programs one at a time; safe to share between threads.

    ```python
    with Sandbox() as sandbox:
        execution = sandbox.run(source)
    ```
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        model_limits: ModelLimits | None = None,
        own_namespaces: bool = True,
        programs_per_process: int = PROGRAMS_PER_PROCESS,
    ) -> None:
        """Start nothing yet; `own_namespaces=False` leaves that layer out, for trying the rest."""
        self.limits = limits or Limits()
        self.model_limits = model_limits or ModelLimits()
        self.programs_per_process = programs_per_process
        self._served = 0
        self._wanted = "namespaces" if own_namespaces else "none"
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self.level = ""

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> str:
        """Start the warm process if it does not run.

        Returns:
            How programs are confined, in words.

        Raises:
            SolveError: R2C-B001 where no sandbox is possible, R2C-B002.
        """
        if self._process is not None and self._process.poll() is None:
            return self.level
        self.close()
        if not sys.platform.startswith("linux"):
            raise REFUSED(reason="this is not Linux")
        path = json.dumps([os.path.abspath(place) for place in sys.path if place])  # noqa: PTH100
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", _START, path, self._wanted],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
        try:
            hello = read_frame(self._out, 1 << 16, time.monotonic() + START_SECONDS)
        except (Silence, Closed) as error:
            raise NOT_STARTED(reason=self._last_words() or repr(error)) from error
        if hello["refusal"]:
            self.close()
            raise REFUSED(reason=hello["refusal"])
        self.level = str(hello["level"])
        self._served = 0
        return self.level

    def run(self, source: str, wall_seconds: float | None = None) -> Execution:
        """Run one program and solve its model within the limits, or `wall_seconds` if less.

        Raises:
            SolveError: see `start`. What the program does wrong is in the reading.
        """
        wall = self.limits.wall_seconds
        if wall_seconds is not None:
            wall = max(LEAST_SECONDS, min(wall_seconds, wall))
        with self._turn:
            if self._served >= self.programs_per_process:
                self.close()
            self.start()
            self._served += 1
            began = time.monotonic()
            left = self._job("program", source, wall)
            if left.get("status") != "model":
                return _execution(_reading(left), left)
            mps = str(left["mps"])
            fault = fault_of(mps, self.model_limits)
            if fault is not None:
                return _execution(Reading("error", message=fault), left)
            rest = max(LEAST_SECONDS, wall - (time.monotonic() - began))
            solved = self._job("model", mps, rest)
            return _execution(_reading(solved), left, solved)

    def _job(self, task: Task, text: str, wall: float) -> dict[str, JsonValue]:
        """What one confined process said; the sandbox is closed if the warm process is lost."""
        limits = {**asdict(self.limits), "wall_seconds": wall}
        began = time.monotonic()
        try:
            self.start()
            write_frame(self._in, {"task": task, "text": text, "limits": limits})
            most = self.limits.output_bytes + 1024
            return read_frame(self._out, most, time.monotonic() + wall + GRACE)
        except (Silence, Closed) as error:
            self.close()
            message = f"the sandbox ended ({str(error) or 'silence'})"
            seconds = time.monotonic() - began
            return {"status": "error", "message": message, "seconds": seconds}

    def close(self) -> None:
        """End the warm process and whatever it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def _in(self) -> int:
        assert self._process is not None and self._process.stdin is not None
        return self._process.stdin.fileno()

    @property
    def _out(self) -> int:
        assert self._process is not None and self._process.stdout is not None
        return self._process.stdout.fileno()

    def _last_words(self) -> str:
        process = self._process
        if process is None or process.stderr is None:
            return ""
        process.kill()
        words = process.stderr.read().decode(errors="replace").strip().splitlines()
        self.close()
        return words[-1] if words else ""


def _execution(reading: Reading, *jobs: Mapping[str, JsonValue]) -> Execution:
    seconds, cpu = (
        sum(_number(job.get(name)) or 0.0 for job in jobs) for name in ("seconds", "cpu_seconds")
    )
    return Execution(reading, seconds, cpu)


def _reading(said: Mapping[str, JsonValue]) -> Reading:
    """The reading that a solved model came to, or why a program left none."""
    for status in get_args(Status):
        if said.get("status") == status:
            return Reading(
                status,
                _number(said.get("objective")),
                _number(said.get("relaxed")),
                _number(said.get("whole")),
                str(said.get("message", ""))[:1000],
            )
    return Reading("error", message="the result has no known status")


def _number(value: JsonValue) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None
