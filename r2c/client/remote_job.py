"""A job of the service in the hands of a client."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from r2c.cir.schema import CIR
from r2c.client import calls
from r2c.client.calls import Form
from r2c.client.faults import NOT_IN_TIME
from r2c.client.replies import without_answer
from r2c.client.wire import Difference, Job, JobEvent, Sensitivities, Verdict
from r2c.formulation import Conflict, Formulation, Solution
from r2c.supposition import Scenarios, WhatIf, WhyNot

if TYPE_CHECKING:
    from r2c.client.sync import Client

LONG_POLL_SECONDS = 20.0
"""How long one request waits for the end of a job."""
PAUSE_SECONDS = 0.5


class RemoteJob:
    """One job; every method asks the service, and raises as `Client.submit`."""

    def __init__(self, client: Client, id: str) -> None:
        self.id = id
        self._client = client

    def __repr__(self) -> str:
        return f"RemoteJob({self.id!r})"

    def look(self) -> Job:
        """Where the job is."""
        return self._client.perform(calls.job(self.id))

    def wait(self, seconds: float = 600.0) -> Formulation:
        """The answer, once it is there.

        Raises:
            JobFailed: the job came to no answer; its fault says why.
            StoreError: R2C-X802, the time was too short; the job goes on.
        """
        deadline = time.monotonic() + seconds
        while True:
            began = time.monotonic()
            left = max(0.0, deadline - began)
            job = self._client.perform(calls.job(self.id, min(left, LONG_POLL_SECONDS)))
            if job.state.ended:
                break
            if left <= 1.0:
                raise NOT_IN_TIME(job=self.id, seconds=seconds, state=job.state.value)
            if time.monotonic() - began < PAUSE_SECONDS:  # a service that does not let wait
                time.sleep(PAUSE_SECONDS)
        failed = without_answer(job)
        if failed is not None:
            raise failed
        return self._client.perform(calls.result(self.id))

    def events(self, after: int = 0) -> Iterator[JobEvent]:
        """What happened after an event, and what happens until the end."""
        return self._client.events(self.id, after)

    def answer(self, answers: Mapping[str, str | float]) -> Job:
        """Answer questions by their ids; the job goes on, and `wait` gives its next answer."""
        return self._client.perform(calls.answer(self.id, answers))

    def cancel(self) -> Job:
        """Ask the service to stop working on it."""
        return self._client.perform(calls.cancel(self.id))

    def cir(self) -> CIR:
        """The model."""
        return self._client.perform(calls.cir(self.id))

    def solution(self) -> Solution:
        """The plan."""
        return self._client.perform(calls.solution(self.id))

    def verdict(self) -> Verdict:
        """How far the answer may be believed, and on what grounds."""
        return self._client.perform(calls.verdict(self.id))

    def conflict(self) -> Conflict:
        """The rules that cannot all hold."""
        return self._client.perform(calls.conflict(self.id))

    def sensitivity(self) -> Sensitivities:
        """What one more unit of each number is worth, and how far that holds."""
        return self._client.perform(calls.sensitivity(self.id))

    def export(self, form: Form) -> str:
        """The model as LaTeX, LP, MPS or a Pyomo script."""
        return self._client.perform(calls.export(self.id, form))

    def patch(self, rule: str, change: Mapping[str, JsonValue]) -> RemoteJob:
        """The job that solves the model with one rule changed by a JSON merge patch."""
        return RemoteJob(self._client, self._client.perform(calls.patch(self.id, rule, change)).id)

    def what_if(self, *changes: str) -> WhatIf:
        """What becomes different if numbers, rules or decisions are others."""
        return self._client.perform(calls.what_if(self.id, changes))

    def scenarios(self, *changes: str) -> Scenarios:
        """What each value of one change would give."""
        return self._client.perform(calls.scenarios(self.id, changes))

    def why_not(self, wish: str) -> WhyNot:
        """What a wish would cost, or what stands against it."""
        return self._client.perform(calls.why_not(self.id, wish))

    def diff(self, other: RemoteJob | str) -> Difference:
        """The changes that lead from this model to another."""
        id = other if isinstance(other, str) else other.id
        return self._client.perform(calls.diff(self.id, id))
