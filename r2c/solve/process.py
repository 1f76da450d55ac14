"""The supervisor of one solver process: starts it early, waits no longer than told, kills it.

Time is kept here, not in the solver, because solvers overrun their own limits.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from r2c import telemetry
from r2c.solve.wire import LENGTH, Array, Message, pack, unpack

METER: ContextVar[Callable[[float], None] | None] = ContextVar("METER", default=None)
"""Told of the seconds of every answer of a solver that was asked in the context."""
START_SECONDS = 60.0
"""A loaded machine may take long to start a process; a stuck one must not hang us."""
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT", "TEMP")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Failure:
    """Why there is no answer; `point` is the best point the solver had reported."""

    kind: Literal["time", "memory", "crash", "error"]
    text: str
    point: Array | None = None


class _Ended(Exception):
    """The process is gone."""


class SolverProcess:
    """A HiGHS process; use as a context manager.

    It takes one request at a time and stays for further ones; after a failure the next request
    starts a new process.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._buffer = bytearray()
        self._ready = False
        self.awaited = 0.0
        """Seconds that requests have waited for processes to get ready."""

    def __enter__(self) -> SolverProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id, None while none runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process without waiting for it; nothing happens if one runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "r2c.solve.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(self._threads),
            start_new_session=True,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        self._buffer.clear()
        self._ready = False

    def close(self) -> None:
        """Kill the process and all it started."""
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError, AttributeError):
                    process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def ask(self, request: Message, seconds: float) -> Message | Failure:
        """Send a request and wait for its answer at most `seconds`.

        The time counts from when the process is ready. A process that does not answer in time is
        killed with everything it started.
        """
        with telemetry.span("solve", task=str(request.fields.get("task", ""))) as span:
            answer = self._asked(request, seconds)
            ended = (
                answer.kind if isinstance(answer, Failure) else str(answer.fields.get("status", ""))
            )
            span.say(ended=ended, process=self.pid)
            return answer

    def _asked(self, request: Message, seconds: float) -> Message | Failure:
        self.start()
        best: Array | None = None
        began = time.monotonic()
        try:
            if not self._ready:
                try:
                    self._next(began + START_SECONDS)
                finally:
                    self.awaited += time.monotonic() - began
                self._ready = True
            deadline = time.monotonic() + seconds
            self._write(pack(request), deadline)
            while True:
                message = self._next(deadline)
                if message.fields["kind"] == "improved":
                    best = message.arrays["values"]
                    continue
                if message.fields["kind"] == "answer":
                    return message
                kind: Literal["memory", "error"] = (
                    "memory" if message.fields["reason"] == "memory" else "error"
                )
                return Failure(kind, str(message.fields.get("text", "")), best)
        except TimeoutError:
            self.close()
            return Failure("time", f"no answer within {seconds:.1f} s", best)
        except _Ended:
            text = self._last_words()
            self.close()
            memory = "bad_alloc" in text or "MemoryError" in text
            return Failure("memory" if memory else "crash", text, best)
        finally:
            if (meter := METER.get()) is not None:
                meter(time.monotonic() - began)

    def _next(self, deadline: float) -> Message:
        head = self._read(LENGTH.size, deadline)
        body = self._read(LENGTH.unpack(head)[0], deadline)
        return unpack(body)

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while len(self._buffer) < size:
            self._wait(descriptor, selectors.EVENT_READ, deadline)
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                raise _Ended
            self._buffer += chunk
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._process is not None and self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        left = memoryview(data)
        while left:
            self._wait(descriptor, selectors.EVENT_WRITE, deadline)
            try:
                left = left[os.write(descriptor, left[:_CHUNK]) :]
            except BrokenPipeError:
                raise _Ended from None

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError

    def _last_words(self) -> str:
        assert self._process is not None and self._errors is not None
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = None
        self._errors.seek(0)
        words = self._errors.read()[-2000:].decode(errors="replace").strip()
        return f"exit status {code}. {words}".strip()


def _environment(threads: int) -> dict[str, str]:
    # Only what a process needs: no keys or tokens for a library that parses foreign models.
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": "1",
    }
