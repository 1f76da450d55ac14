"""The embedded model server seen from its clients: found, started, asked how it is, stopped.

It runs on loopback in a process of its own that outlives the command which started it, so the
next command finds the model loaded and its prompts cached; unused, it stops by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import LanguageModelError, declare
from r2c.llm.embedded.checked import writing
from r2c.llm.embedded.home import Home, Running, home_of, homes
from r2c.llm.embedded.launch import Options, healthy, launch, reap
from r2c.llm.embedded.lock import locked
from r2c.llm.embedded.process import start_mark
from r2c.llm.progress import Progress, silent

NOT_STOPPED = declare(
    "R2C-L113",
    LanguageModelError,
    what="The model server (process {pid}) does not stop.",
    why="It was asked to, then killed, and is still there after {seconds:.0f} s.",
    remedy="End process {pid} by hand.",
)

_STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Status:
    """One server: the record if it is alive, and how long it has been idle."""

    home: Home
    running: Running | None
    idle_seconds: float


def ensure(
    cache_dir: Path, weights: Path, options: Options, progress: Progress = silent
) -> tuple[Running, str]:
    """A ready server for these weights, and the key to it: the one that runs, or a new one.

    Raises:
        LanguageModelError: R2C-L110 to R2C-L113.
        StoreError: R2C-L107, another process keeps the lock; R2C-L102 and R2C-L108, the cache.
    """
    home = home_of(cache_dir, weights)
    with (
        writing(home.folder, 1_000_000),
        locked(home.lock, seconds=options.start_seconds + 2 * _STOP_SECONDS),
    ):
        home.touch()  # under the lock, so that the server cannot just now decide to stop
        running = alive(home)
        if running is not None:
            # Thrice, since ending a server that is only slow would break the work of others.
            if any(healthy(running) for _ in range(3)):
                return running, home.key()
            _end(home, running)
        return launch(home, weights, options, progress), home.key()


def alive(home: Home) -> Running | None:
    """The recorded server if its process is still the same one."""
    reap()
    running = home.recorded()
    return running if running is not None and start_mark(running.pid) == running.mark else None


def status(cache_dir: Path) -> list[Status]:
    """Every embedded server that this cache knows."""
    return [Status(home, alive(home), home.idle_seconds()) for home in homes(cache_dir)]


def stop(cache_dir: Path) -> list[Running]:
    """Stop every embedded server of this cache; those that ran.

    Raises:
        LanguageModelError: R2C-L113, one does not end.
    """
    stopped = []
    for home in homes(cache_dir):
        with locked(home.lock, seconds=_STOP_SECONDS):
            running = alive(home)
            if running is not None:
                _end(home, running)
                stopped.append(running)
            home.retract()
    return stopped


def _end(home: Home, running: Running) -> None:
    """Ask the process to end, then kill it. Its start mark is checked before every signal."""
    begun = time.monotonic()
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.pid, number)
        end = time.monotonic() + _STOP_SECONDS / 2
        while time.monotonic() < end:
            if alive(home) is None:
                home.retract()
                return
            time.sleep(0.05)
    raise NOT_STOPPED(pid=running.pid, seconds=time.monotonic() - begun)
