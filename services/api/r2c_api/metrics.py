"""What Prometheus is told: a registry for each app, so that two in one process do not mix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from r2c.client.wire import JobState
from r2c.errors import StoreError

if TYPE_CHECKING:
    from r2c.formulation import Formulation
    from r2c_api.jobs.record import Record
    from r2c_api.jobs.table import JobTable

_SECONDS = (0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600)


class Metrics:
    """Counts of requests and jobs; labels are from closed sets, never from requests."""

    def __init__(self, jobs: JobTable) -> None:
        self.registry = CollectorRegistry()
        self._jobs = jobs
        self.registry.register(self)
        self.requests = Counter(
            "r2c_requests", "Requests by route and status.", ["method", "route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.request_seconds = Histogram(
            "r2c_request_seconds", "Seconds of a request.", ["route"], registry=self.registry
        )
        self._ended = Counter(
            "r2c_jobs_ended", "Jobs by kind, last state, outcome and trust.",
            ["kind", "state", "outcome", "trust"], registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "r2c_job_seconds", "Seconds of the attempt that ended a job.", ["kind"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._tokens = Counter(
            "r2c_model_tokens", "Tokens of jobs that ended with an answer.", ["direction"],
            registry=self.registry,
        )  # fmt: skip
        self._faults = Counter(
            "r2c_job_faults", "Faults of answers, by code.", ["code"], registry=self.registry
        )

    def ended(
        self, record: Record, state: JobState, answer: Formulation | None, seconds: float
    ) -> None:
        """Count the end of a job."""
        outcome = "" if answer is None else answer.outcome.value
        trust = "" if answer is None else answer.trust.value
        self._ended.labels(record.kind, state.value, outcome, trust).inc()
        self._seconds.labels(record.kind).observe(seconds)
        if answer is not None:
            self._tokens.labels("in").inc(answer.usage.prompt_tokens)
            self._tokens.labels("out").inc(answer.usage.completion_tokens)
            for fault in answer.faults:
                self._faults.labels(fault.code).inc()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The jobs that wait and run now, over all processes of the store."""
        gauge = GaugeMetricFamily("r2c_jobs", "Jobs that have not ended.", labels=["state"])
        with suppress(StoreError):
            for state, count in self._jobs.waiting().items():
                gauge.add_metric([state.value], count)
        yield gauge

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
