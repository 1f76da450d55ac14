"""A program that was started here, with its log; it is stopped or killed here and nowhere else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from topology.faults import NOT_READY

T = TypeVar("T")
_LOOK_SECONDS = 0.05
_STOP_SECONDS = 60.0


class Program:
    """One process; `start` begins it anew after it ended."""

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        folder: Path,
        *,
        more: Mapping[str, str] | None = None,
        user: tuple[int, int] | None = None,
    ) -> None:
        """Nothing is started yet.

        Args:
            name: What the log is called, and what faults say.
            words: The command.
            folder: Where the log goes.
            more: Variables beside those of this process.
            user: The ids of the user and the group that it runs as; the own ones unless given.
        """
        self.name = name
        self.log = folder / f"{name}.log"
        self._words = tuple(words)
        self._more = dict(more or {})
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._begins = 0

    def start(self) -> None:
        """Start it; its log goes on."""
        user, group = (None, None) if self._user is None else self._user
        with self.log.open("ab") as log:
            self._begins = log.tell()
            self._process = subprocess.Popen(
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": _paths(), **self._more},
                start_new_session=True,  # Ctrl-C is for whoever started all of them
                user=user,
                group=group,
                extra_groups=None if user is None else (),
            )

    @property
    def pid(self) -> int:
        """The process id; 0 before the first start."""
        return 0 if self._process is None else self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def said(self) -> list[str]:
        """The lines that it logged since it was started last."""
        with self.log.open("rb") as log:
            log.seek(self._begins)
            return log.read().decode(errors="replace").splitlines()

    def ready(
        self,
        look: Callable[[], T | None],
        seconds: float = 120.0,
        told: Callable[[], str] = str,
    ) -> T:
        """Wait until something is found.

        Args:
            look: What is found; None while it is not there yet.
            seconds: How long at most.
            told: What the program said elsewhere than in its log, if anything.

        Raises:
            StoreError: R2C-B741, the program ended before, or the time is up.
        """
        end = time.monotonic() + seconds
        while (found := look()) is None:
            if not self.runs or time.monotonic() > end:
                said = (told() or (self.said() or ["nothing"])[-1])[-300:].rstrip(".")
                raise NOT_READY(name=self.name, seconds=seconds, said=said, log=str(self.log))
            time.sleep(_LOOK_SECONDS)
        return found

    def kill(self) -> None:
        """End it at once, as a crash would, with all that it started."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self, by: signal.Signals = signal.SIGTERM, seconds: float = _STOP_SECONDS) -> int:
        """Ask it to end, and kill it if it does not; its exit status."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(by)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._process.returncode


def python(*words: str) -> tuple[str, ...]:
    """A command of the interpreter that runs this."""
    return (sys.executable, *words)


def _paths() -> str:
    return os.pathsep.join(filter(None, sys.path))
