"""The supervisor of one solver process: starts it early, waits no longer than told, kills it.

Time is kept here, not in the solver, because solvers overrun their own limits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from r2c import telemetry
from r2c.solve.child import Child, Ended, environment
from r2c.solve.idle import IDLE
from r2c.solve.wire import Array, Message

METER: ContextVar[Callable[[float], None] | None] = ContextVar("METER", default=None)
"""Told of the seconds of every answer of a solver that was asked in the context."""
START_SECONDS = 60.0
"""A loaded machine may take long to start a process; a stuck one must not hang us."""


@dataclass(frozen=True)
class Failure:
    """Why there is no answer; `point` is the best point the solver had reported."""

    kind: Literal["time", "memory", "crash", "error"]
    text: str
    point: Array | None = None


class SolverProcess:
    """A HiGHS process; use as a context manager.

    It takes one request at a time and stays for further ones; after a failure the next request
    starts a new process. One that is closed in good order waits for the next `SolverProcess` of
    this program.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._child: Child | None = None
        self._owning = threading.Lock()  # nobody may kill a process that was handed on
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
        child = self._child
        return None if child is None else child.pid

    def start(self) -> None:
        """Take a process or start one, without waiting for it; nothing happens if one runs."""
        if self._child is not None and self._child.alive:
            return
        self._end()
        wanted = environment(self._threads)
        self._child = IDLE.take(wanted) or Child(wanted)

    def close(self) -> None:
        """Hand the process on if it owes no answer; else kill it and all it started."""
        if (child := self._release()) is not None:
            IDLE.give(child)

    def signal_end(self) -> None:
        """Kill the process from another thread; pipes are left to who reads them."""
        with self._owning:
            if self._child is not None:
                self._child.signal_end()

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
        child = self._child
        assert child is not None
        best: Array | None = None
        began = time.monotonic()
        try:
            if not child.ready:
                try:
                    child.wait_until_ready(began + START_SECONDS)
                finally:
                    self.awaited += time.monotonic() - began
            deadline = time.monotonic() + seconds
            child.send(request, deadline)
            while True:
                message = child.receive(deadline)
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
            self._end()
            return Failure("time", f"no answer within {seconds:.1f} s", best)
        except Ended:
            text = child.last_words()
            self._end()
            memory = "bad_alloc" in text or "MemoryError" in text
            return Failure("memory" if memory else "crash", text, best)
        finally:
            if (meter := METER.get()) is not None:
                meter(time.monotonic() - began)

    def _release(self) -> Child | None:
        with self._owning:
            child, self._child = self._child, None
            return child

    def _end(self) -> None:
        if (child := self._release()) is not None:
            child.kill()
