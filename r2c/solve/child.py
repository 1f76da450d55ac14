"""One HiGHS process with its pipes: started, written to, read from, killed."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from r2c.solve.starter import STARTER
from r2c.solve.wire import LENGTH, Message, pack, unpack

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT", "TEMP")
_CHUNK = 1 << 20


class Ended(Exception):
    """The process is gone."""


class Child:
    """A process of `r2c.solve.worker`.

    It is started without waiting for it; its first message is that it is ready.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.ready = False
        self.answered = 0
        """Requests that it has answered well."""
        self._owing = False
        self._killed = False
        self._buffer = bytearray()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by kill()
        self._process = STARTER.start(environment, self._errors.fileno())
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        for pipe in (self._in, self._out):
            os.set_blocking(pipe.fileno(), False)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs and nobody wants it to end."""
        return not self._killed and self._process.poll() is None

    @property
    def unoccupied(self) -> bool:
        """Whether it runs, owes no answer, and did not fail at the last one."""
        return self.alive and not self._owing

    def signal_end(self) -> None:
        """Kill it and all that it started; the pipes are left to who reads them."""
        self._killed = True
        if self._process.poll() is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError, AttributeError):
                self._process.kill()

    def kill(self) -> None:
        """Kill it, wait for its end, close the pipes."""
        self.signal_end()
        self._process.wait()
        for pipe in (self._in, self._out):
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        self._errors.close()

    def wait_until_ready(self, deadline: float) -> None:
        """Wait for its first message; `deadline` as `time.monotonic` counts.

        Raises:
            TimeoutError: it did not come in time.
            Ended: it will not come.
        """
        self._next(deadline)
        self.ready = True

    def send(self, request: Message, deadline: float) -> None:
        """Send a request; raises as `wait_until_ready` does."""
        self._owing = True
        left = memoryview(pack(request))
        while left:
            self._wait(self._in.fileno(), selectors.EVENT_WRITE, deadline)
            try:
                left = left[os.write(self._in.fileno(), left[:_CHUNK]) :]
            except BrokenPipeError:
                raise Ended from None

    def receive(self, deadline: float) -> Message:
        """The next of its messages to a request, of kind improved, answer or failure.

        Raises as `wait_until_ready` does.
        """
        message = self._next(deadline)
        if message.fields["kind"] == "answer":
            self._owing = False
            self.answered += 1
        return message

    def last_words(self) -> str:
        """How it ended and what it said on its way."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = None
        self._errors.seek(0)
        words = self._errors.read()[-2000:].decode(errors="replace").strip()
        return f"exit status {code}. {words}".strip()

    def _next(self, deadline: float) -> Message:
        head = self._read(LENGTH.size, deadline)
        return unpack(self._read(LENGTH.unpack(head)[0], deadline))

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._buffer) < size:
            self._wait(self._out.fileno(), selectors.EVENT_READ, deadline)
            chunk = os.read(self._out.fileno(), _CHUNK)
            if not chunk:
                raise Ended
            self._buffer += chunk
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError


def environment(threads: int) -> dict[str, str]:
    """What a process needs: no keys or tokens for a library that parses foreign models."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": "1",
    }
