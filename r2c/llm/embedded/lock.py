"""One process at a time: a lock on a file, released by the system when its holder dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from r2c.errors import StoreError, declare

STILL_LOCKED = declare(
    "R2C-L107",
    StoreError,
    what="Another process has been holding {path!r} for {seconds:.0f} s.",
    why="It fetches or starts the embedded model, and only one may at a time.",
    remedy="Wait for it, or end it; the lock goes with it.",
)


@contextmanager
def locked(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock on `path`, waiting for it at most `seconds`.

    Raises:
        StoreError: R2C-L107, another process kept it.
    """
    end = time.monotonic() + seconds
    with path.open("a+b") as file:
        while not _try_lock(file.fileno()):
            if time.monotonic() >= end:
                raise STILL_LOCKED(path=str(path), seconds=seconds)
            time.sleep(min(0.1, max(0.0, end - time.monotonic())))
        try:
            yield
        finally:
            _unlock(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
