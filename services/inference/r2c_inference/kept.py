"""Where a server keeps its key, log and record: beside those of the embedded model.

So `r2c models status` tells of it and `r2c models stop` ends it, without knowing what vLLM is.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from r2c.errors import InputError, declare
from r2c.llm.embedded.checked import writing
from r2c.llm.embedded.home import Home, Running, servers_folder
from r2c.llm.embedded.lock import locked
from r2c.llm.embedded.process import start_mark
from r2c.llm.embedded.server import alive

ALREADY = declare(
    "R2C-I033", InputError,
    what="{name!r} is served already, at {url} by process {pid}.",
    why="A second one would take the memory of the first, or fail for want of it.",
    remedy="Use that one, stop it with `r2c models stop`, or serve under another --name.",
)  # fmt: skip

_ROOM = 1_000_000
_TOUCH_SECONDS = 1.0


def home_for(cache_dir: Path, name: str) -> Home:
    """The folder of the server of this name, made if it is missing.

    Raises:
        StoreError: R2C-L102 or R2C-L108.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:40]
    folder = servers_folder(cache_dir) / f"vllm-{plain}-{digest}"
    with writing(cache_dir, _ROOM):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Home(folder)


def announce(home: Home, name: str, host: str, port: int) -> None:
    """Record that this process serves the name.

    Raises:
        InputError: R2C-I033, another does.
        StoreError: R2C-L107, another keeps the lock.
    """
    with locked(home.lock, seconds=10.0):
        running = alive(home)
        if running is not None:
            raise ALREADY(name=name, url=running.url, pid=running.pid)
        pid = os.getpid()
        home.announce(Running(pid, start_mark(pid) or "", port, name, time.time(), host))
        home.touch()


def retract(home: Home) -> None:
    """Forget it again, unless another has taken its place."""
    running = home.recorded()
    if running is not None and running.pid == os.getpid():
        home.retract()


def use_of(home: Home) -> Callable[[], None]:
    """A function that marks the server as used, at most once a second."""
    last = 0.0

    def used() -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _TOUCH_SECONDS:
            last = now
            home.touch()

    return used
