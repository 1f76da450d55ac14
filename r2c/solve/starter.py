"""The thread in which solver processes are started.

On Linux a process can ask to die with its parent, and there the parent is the thread that started
it. Threads that solve come and go while their processes are handed on to others.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field


@dataclass(frozen=True)
class _Order:
    environment: Mapping[str, str]
    errors: int
    process: Future[subprocess.Popen[bytes]] = field(default_factory=Future)


class Starter:
    """Starts processes of `r2c.solve.worker`, all from one thread that ends with the program."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin with another thread: a fork of the process has none."""
        self._orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, environment: Mapping[str, str], errors: int) -> subprocess.Popen[bytes]:
        """Start a process; it is not waited for.

        Args:
            environment: All that it sees of this one.
            errors: Descriptor of the file that takes what it says beside its answers.

        Raises:
            OSError: it could not be started.
        """
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="r2c-solver-starter", daemon=True
                )
                self._thread.start()
        order = _Order(environment, errors)
        self._orders.put(order)
        return order.process.result()

    def _run(self) -> None:
        while True:
            order = self._orders.get()
            try:
                process = subprocess.Popen(
                    [sys.executable, "-m", "r2c.solve.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=order.errors,
                    env=order.environment,
                    start_new_session=True,
                )
            except Exception as error:
                order.process.set_exception(error)
            else:
                order.process.set_result(process)
            del order  # a process whose owner was interrupted ends with its pipes


STARTER = Starter()
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=STARTER.forget)
