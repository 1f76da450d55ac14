"""Wakes those who wait for something to happen to a job, whichever process it happens in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from contextlib import suppress

from r2c.errors import StoreError

_LOOK_SECONDS = 0.5


class Bell:
    """Rings when events were written.

    Workers of this process ring it. What other processes write is seen by looking at the table,
    once for all who wait, and only while somebody does.
    """

    def __init__(self, position: Callable[[], Hashable]) -> None:
        self._position = position
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()
        self._waiting = 0
        self.closed = False

    def ring(self) -> None:
        """Wake everybody; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                self._loop.call_soon_threadsafe(self._wake)

    def ticket(self) -> asyncio.Event:
        """What to wait on; taken before looking, so that nothing is missed in between."""
        return self._rung

    async def wait(self, ticket: asyncio.Event, seconds: float) -> bool:
        """Wait until something happens after a ticket was taken, at most some seconds."""
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await ticket.wait()
            return True
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1

    async def listen(self) -> None:
        """Look at the table until cancelled."""
        self._loop = asyncio.get_running_loop()
        seen: Hashable = None
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if not self._waiting:
                continue
            with suppress(StoreError):  # told to whoever asks for something
                now = await asyncio.to_thread(self._position)
                if now != seen:
                    seen = now
                    self._wake()

    def close(self) -> None:
        """Wake everybody for the last time, so that open streams end; from any thread."""
        self.closed = True
        self.ring()

    def _wake(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()
        if self.closed:
            self._rung.set()
