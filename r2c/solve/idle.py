"""Solver processes that have done their work and wait for more.

Starting one takes many times what a small model takes.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping

from r2c.solve.child import Child

MOST = 2
"""Processes that are kept waiting."""
REQUESTS = 100
"""A process that has answered so many is not kept: what its library forgets to free adds up."""


class Idle:
    """Processes that anybody in this process may take."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin without any and leave those of before alone; after a fork they are the parent's."""
        self._lock = threading.Lock()
        self._waiting: list[Child] = []

    def take(self, environment: Mapping[str, str]) -> Child | None:
        """A process with just this environment, now the caller's; None if none waits."""
        with self._lock:
            fitting = [each for each in self._waiting if each.environment == environment]
            if not fitting:
                return None
            taken = fitting[-1]
            self._waiting.remove(taken)
        if taken.unoccupied:
            return taken
        taken.kill()
        return self.take(environment)

    def give(self, child: Child) -> None:
        """Keep a process for the next one who needs it, or end it if it is not fit for that."""
        over = [child]
        if child.unoccupied and child.answered < REQUESTS:
            with self._lock:
                self._waiting.append(child)
                over = self._waiting[:-MOST]
                del self._waiting[:-MOST]
        for each in over:
            each.kill()

    def close(self) -> None:
        """End all that wait."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.kill()


IDLE = Idle()
atexit.register(IDLE.close)
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=IDLE.forget)
