"""Answers that are solved while a request waits: a few at a time, within a limit, or not at all.

A client that goes away takes its solver with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from fastapi import Request
from starlette.requests import ClientDisconnect

from r2c.archetypes.load import further_cards
from r2c.pipeline.worker import JobSolver, beside
from r2c.settings import Settings
from r2c_api.faults import BUSY, TOO_LONG
from r2c_api.jobs.meter import Meter
from r2c_api.tenants import cards_of

T = TypeVar("T")
_LOOK_SECONDS = 0.5
_BESIDES_SECONDS = 20.0
"""What everything beside two solves may take."""


class Desk:
    """The places for such answers in one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = settings.solve_threads
        self._places = settings.serve_answers
        self._seconds = 2 * settings.solve_seconds + _BESIDES_SECONDS
        self._taken = 0

    async def work(self, request: Request, meter: Meter, do: Callable[[JobSolver], T]) -> T:
        """Do blocking work for a tenant, with a solver process whose seconds are counted.

        Raises:
            StoreError: R2C-B614, all places are taken.
            R2CError: R2C-B619, it took too long; and whatever the work raises.
            ClientDisconnect: the client went away; the solver is killed.
        """
        if self._taken >= self._places:
            raise BUSY(places=self._places)
        self._taken += 1
        solver = JobSolver(self._threads)
        try:
            cards = cards_of(self._settings, meter.tenant)
            with solver, meter.solving(), further_cards(cards):
                working = asyncio.create_task(beside(solver, partial(do, solver)))
                try:
                    async with asyncio.timeout(self._seconds):
                        return await _while_connected(request, working)
                except TimeoutError:
                    raise TOO_LONG(seconds=self._seconds) from None
        finally:
            self._taken -= 1
            await asyncio.to_thread(meter.flush)


async def _while_connected(request: Request, working: asyncio.Task[T]) -> T:
    try:
        while not working.done():
            await asyncio.wait([working], timeout=_LOOK_SECONDS)
            if not working.done() and await request.is_disconnected():
                raise ClientDisconnect
        return await working
    finally:
        if not working.done():
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
