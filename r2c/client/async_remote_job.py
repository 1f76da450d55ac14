"""A job of the service in the hands of an asynchronous client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from r2c.cir.schema import CIR
from r2c.client import calls
from r2c.client.calls import Form
from r2c.client.faults import NOT_IN_TIME
from r2c.client.remote_job import LONG_POLL_SECONDS, PAUSE_SECONDS
from r2c.client.replies import without_answer
from r2c.client.wire import Difference, Job, JobEvent, Sensitivities, Verdict
from r2c.formulation import Conflict, Formulation, Solution
from r2c.supposition import Scenarios, WhatIf, WhyNot

if TYPE_CHECKING:
    from r2c.client.asynchronous import AsyncClient


class AsyncRemoteJob:
    """One job; every method asks the service, and raises as `Client.submit`."""

    def __init__(self, client: AsyncClient, id: str) -> None:
        self.id = id
        self._client = client

    def __repr__(self) -> str:
        return f"AsyncRemoteJob({self.id!r})"

    async def look(self) -> Job:
        """Where the job is."""
        return await self._client.perform(calls.job(self.id))

    async def wait(self, seconds: float = 600.0) -> Formulation:
        """The answer, once it is there.

        Raises:
            JobFailed: the job came to no answer; its fault says why.
            StoreError: R2C-X802, the time was too short; the job goes on.
        """
        deadline = time.monotonic() + seconds
        while True:
            began = time.monotonic()
            left = max(0.0, deadline - began)
            job = await self._client.perform(calls.job(self.id, min(left, LONG_POLL_SECONDS)))
            if job.state.ended:
                break
            if left <= 1.0:
                raise NOT_IN_TIME(job=self.id, seconds=seconds, state=job.state.value)
            if time.monotonic() - began < PAUSE_SECONDS:  # a service that does not let wait
                await asyncio.sleep(PAUSE_SECONDS)
        failed = without_answer(job)
        if failed is not None:
            raise failed
        return await self._client.perform(calls.result(self.id))

    def events(self, after: int = 0) -> AsyncIterator[JobEvent]:
        """What happened after an event, and what happens until the end."""
        return self._client.events(self.id, after)

    async def answer(self, answers: Mapping[str, str | float]) -> Job:
        """Answer questions by their ids; the job goes on, and `wait` gives its next answer."""
        return await self._client.perform(calls.answer(self.id, answers))

    async def cancel(self) -> Job:
        """Ask the service to stop working on it."""
        return await self._client.perform(calls.cancel(self.id))

    async def cir(self) -> CIR:
        """The model."""
        return await self._client.perform(calls.cir(self.id))

    async def solution(self) -> Solution:
        """The plan."""
        return await self._client.perform(calls.solution(self.id))

    async def verdict(self) -> Verdict:
        """How far the answer may be believed, and on what grounds."""
        return await self._client.perform(calls.verdict(self.id))

    async def conflict(self) -> Conflict:
        """The rules that cannot all hold."""
        return await self._client.perform(calls.conflict(self.id))

    async def sensitivity(self) -> Sensitivities:
        """What one more unit of each number is worth, and how far that holds."""
        return await self._client.perform(calls.sensitivity(self.id))

    async def export(self, form: Form) -> str:
        """The model as LaTeX, LP, MPS or a Pyomo script."""
        return await self._client.perform(calls.export(self.id, form))

    async def patch(self, rule: str, change: Mapping[str, JsonValue]) -> AsyncRemoteJob:
        """The job that solves the model with one rule changed by a JSON merge patch."""
        return AsyncRemoteJob(
            self._client, (await self._client.perform(calls.patch(self.id, rule, change))).id
        )

    async def what_if(self, *changes: str) -> WhatIf:
        """What becomes different if numbers, rules or decisions are others."""
        return await self._client.perform(calls.what_if(self.id, changes))

    async def scenarios(self, *changes: str) -> Scenarios:
        """What each value of one change would give."""
        return await self._client.perform(calls.scenarios(self.id, changes))

    async def why_not(self, wish: str) -> WhyNot:
        """What a wish would cost, or what stands against it."""
        return await self._client.perform(calls.why_not(self.id, wish))

    async def diff(self, other: AsyncRemoteJob | str) -> Difference:
        """The changes that lead from this model to another."""
        id = other if isinstance(other, str) else other.id
        return await self._client.perform(calls.diff(self.id, id))
