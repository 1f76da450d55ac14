"""What all endpoints share: the store, the worker, and the bell between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from fastapi import Request

from r2c import telemetry
from r2c_api.access import Caller
from r2c_api.desk import Desk
from r2c_api.jobs.bell import Bell
from r2c_api.jobs.meter import Meter
from r2c_api.jobs.table import JobTable
from r2c_api.jobs.worker import Worker
from r2c_api.keys.table import KeyTable
from r2c_api.metrics import Metrics
from r2c_api.store.open import open_database

if TYPE_CHECKING:
    from r2c.llm.model import LanguageModel
    from r2c.settings import Settings

_THREADS = 24
_READERS = 2
"""Requests that are read at once; the others wait for their turn."""


class Service:
    """One process of the service; open it with `running`."""

    def __init__(self, settings: Settings, model: LanguageModel | None = None) -> None:
        self.settings = settings
        self.database = open_database(settings)
        self.keys = KeyTable(self.database)
        self.jobs = JobTable(
            self.database, queue=settings.serve_queue, share=settings.serve_queue_share
        )
        self.bell = Bell(self.jobs.position)
        self.metrics = Metrics(self.jobs)
        self.desk = Desk(settings)
        self.readers = asyncio.Semaphore(_READERS)
        self.worker = Worker(
            self.jobs,
            self.keys,
            settings,
            model=model,
            ring=self.bell.ring,
            ended=self.metrics.ended,
        )

    def meter(self, caller: Caller) -> Meter:
        """What counts the work that is done while a caller waits."""
        return Meter(self.keys, caller.tenant)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work on jobs and ring the bell until the block ends; then all is written down."""
        telemetry.begin(self.settings.telemetry)
        # Solving for requests takes threads of its own; the store must not wait for it.
        asyncio.get_running_loop().set_default_executor(
            ThreadPoolExecutor(_THREADS + self.settings.serve_answers, "r2c-http")
        )
        listening = asyncio.create_task(self.bell.listen())
        if self.settings.serve_jobs:
            self.worker.start()
        try:
            yield
        finally:
            self.bell.close()
            if self.settings.serve_jobs:
                await asyncio.to_thread(self.worker.stop)
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            self.database.close()


def service_of(request: Request) -> Service:
    """The service behind a request, as a dependency."""
    found = request.app.state.service
    assert isinstance(found, Service)
    return found
