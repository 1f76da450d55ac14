"""Work beside the event loop that ends when the job is cancelled.

A thread cannot be interrupted. The solver it waits for can be killed, and it must not be started
again by a thread that nobody waits for any more.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import TypeVar

from r2c.solve.process import SolverProcess

T = TypeVar("T")


class Stopped(Exception):
    """The job was cancelled; ends the thread that works for it, and is seen by nobody."""


class JobSolver(SolverProcess):
    """The solver process of one job, which can be stopped for good from another thread."""

    def __init__(self, threads: int = 1) -> None:
        super().__init__(threads)
        self._stopped = False

    def start(self) -> None:
        """Start the process unless it runs.

        Raises:
            Stopped: the job was cancelled.
        """
        if self._stopped:
            raise Stopped
        super().start()

    def stop(self) -> None:
        """Kill the process and let no other be started; pipes are left to who reads them."""
        self._stopped = True
        self.signal_end()


async def beside(solver: JobSolver, work: Callable[[], T]) -> T:
    """Do blocking work in a thread; if this is cancelled, stop the solver and end the thread."""
    context = contextvars.copy_context()  # as a coroutine would have it
    thread = asyncio.get_running_loop().run_in_executor(None, context.run, work)
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        while not thread.done():  # again and again: it may just be starting a process
            solver.stop()
            await asyncio.wait([thread], timeout=0.05)
        thread.exception()  # taken, so that nothing is said about it
        raise
