"""Starting the embedded model server: a child process with a clean environment, awaited."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import LanguageModelError, R2CError, declare
from r2c.llm.embedded.home import Home, Running
from r2c.llm.progress import Progress, Stage

NO_RUNTIME = declare(
    "R2C-L110",
    LanguageModelError,
    what="The runtime of the embedded model, package 'xllamacpp', is not installed.",
    why="The embedded model runs in it.",
    remedy="Install the extra: pip install 'rule2constraint[embedded]'; or set R2C_MODEL to an "
    "OpenAI-compatible endpoint.",
)
DIED = declare(
    "R2C-L111",
    LanguageModelError,
    what="The embedded model server did not start ({ended}).",
    why="The end of its log {log!r}:\n{tail}",
    remedy="If memory ran out (it needs about 3 GB) free some, else follow the log; or set "
    "R2C_MODEL to an endpoint.",
)
TOO_SLOW = declare(
    "R2C-L112",
    LanguageModelError,
    what="The embedded model server was not ready after {seconds:.0f} s and was stopped.",
    why="The end of its log {log!r}:\n{tail}",
    remedy="Raise R2C_EMBEDDED_START_SECONDS, or set R2C_MODEL to an endpoint.",
)
SLOTS = 6
"""Answers decoded together: a vote of five, and one more request beside it."""
CONTEXT = 32768
"""Tokens that all slots share."""

_HEALTH_SECONDS = 5.0
# What the child may see: enough to run Python and llama.cpp, and no secret of the parent.
_INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "SYSTEMROOT"),
    *("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"),
)

_started: list[subprocess.Popen[bytes]] = []
"""Servers started by this process, kept so that they are reaped when they end."""


@dataclass(frozen=True)
class Options:
    """How to run a server: threads (None: the usable cores), seconds of idleness and start."""

    threads: int | None = None
    idle_seconds: float = 900.0
    start_seconds: float = 120.0


def launch(home: Home, weights: Path, options: Options, progress: Progress) -> Running:
    """Start a server and wait until it answers; the caller holds the lock of its home.

    Raises:
        LanguageModelError: R2C-L110 to R2C-L112, with the end of the server's log.
    """
    home.retract()
    home.key()
    progress(Stage.START, 0, 0)
    command = [sys.executable, "-m", "r2c.llm.embedded.serve", str(home.folder), str(weights)]
    command += ["--idle", str(options.idle_seconds), "--context", str(CONTEXT)]
    command += ["--slots", str(SLOTS), "--threads", str(options.threads or usable_cores())]
    descriptor = os.open(home.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            env=_environment(),
            cwd=home.folder,
            start_new_session=True,  # Ctrl-C in the terminal is not for the server
        )
    finally:
        os.close(descriptor)
    _started.append(process)
    return _await_ready(home, process, options.start_seconds, progress)


def _await_ready(
    home: Home, process: subprocess.Popen[bytes], seconds: float, progress: Progress
) -> Running:
    end = time.monotonic() + seconds
    try:
        while process.poll() is None:
            running = home.recorded()
            if running is not None and running.pid == process.pid and healthy(running):
                progress(Stage.START, 1, 1)
                return running
            if time.monotonic() > end:
                raise TOO_SLOW(seconds=seconds, log=str(home.log), tail=home.log_tail())
            time.sleep(0.05)
    except BaseException:  # Ctrl-C too: a server that nobody waits for must not stay behind
        process.kill()
        process.wait()
        raise
    raise _died(home, process.returncode)


def _died(home: Home, code: int) -> R2CError:
    tail = home.log_tail()
    if "No module named 'xllamacpp'" in tail:
        return NO_RUNTIME()
    ended = f"exit code {code}"
    if code < 0:
        with contextlib.suppress(ValueError):
            ended = f"killed by {signal.Signals(-code).name}"
    return DIED(ended=ended, log=str(home.log), tail=tail or "(empty)")


def healthy(running: Running) -> bool:
    """Whether the server answers."""
    url = f"http://127.0.0.1:{running.port}/health"
    # No proxy may come between: it would be asked for its own loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_HEALTH_SECONDS) as reply:
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def reap() -> None:
    """Take note of servers started here that have ended."""
    for process in list(_started):
        if process.poll() is not None:
            _started.remove(process)


def _environment() -> dict[str, str]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    # Spinning threads on a busy machine slow generation down twentyfold; this must be set before
    # the library loads.
    environment["OMP_WAIT_POLICY"] = "PASSIVE"
    root = str(Path(__file__).resolve().parents[3])
    before = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = f"{root}{os.pathsep}{before}" if before else root
    return environment


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
