"""The caller's side of the sandbox: start it once, hand it programs, get their claims."""

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
from typing import get_args

from pydantic import JsonValue

from r2c.errors import SolveError, declare
from r2c_benchmarks.sandbox.frames import Closed, Silence, read_frame, write_frame
from r2c_benchmarks.sandbox.limits import Limits
from r2c_benchmarks.sandbox.optimum import Reading, Status

START_SECONDS = 120.0
GRACE = 10.0
"""Seconds past the wall limit after which the zygote itself is given up."""

REFUSED = declare(
    "R2C-B001",
    SolveError,
    what="Programs written by a model are not run on this machine.",
    why="They need a sandbox of Landlock and seccomp at least: {reason}.",
    remedy="Use Linux 5.13 or newer on x86_64 or arm64, or a method that runs no programs.",
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
    """What a program claims its model comes to, and what finding out cost."""

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

    def __init__(self, limits: Limits | None = None, *, own_namespaces: bool = True) -> None:
        """Start nothing yet; `own_namespaces=False` leaves that layer out, for trying the rest."""
        self.limits = limits or Limits()
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
        return self.level

    def run(self, source: str, wall_seconds: float | None = None) -> Execution:
        """Run one program within the limits, or within `wall_seconds` if that is less.

        Raises:
            SolveError: see `start`. What the program does wrong is in the reading.
        """
        limits = asdict(self.limits)
        if wall_seconds is not None:
            limits["wall_seconds"] = max(1.0, min(wall_seconds, self.limits.wall_seconds))
        with self._turn:
            self.start()
            began = time.monotonic()
            try:
                write_frame(self._in, {"source": source, "limits": limits})
                most = self.limits.output_bytes + 1024
                said = read_frame(self._out, most, began + limits["wall_seconds"] + GRACE)
            except (Silence, Closed) as error:
                self.close()
                message = f"the sandbox ended ({str(error) or 'silence'})"
                return Execution(Reading("error", message=message), time.monotonic() - began, 0.0)
            return Execution(
                _reading(said),
                _number(said.get("seconds")) or 0.0,
                _number(said.get("cpu_seconds")) or 0.0,
            )

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


def _reading(said: Mapping[str, JsonValue]) -> Reading:
    """What the job wrote, taken for nothing more than a claim of untrusted code."""
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
