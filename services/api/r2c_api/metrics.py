"""What Prometheus is told: a registry for each app, so that two in one process do not mix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from r2c.archetypes.load import standard_library
from r2c.client.wire import JobState
from r2c.errors import StoreError
from r2c_api.found_by_words import by_words

if TYPE_CHECKING:
    from r2c.formulation import Event, Formulation
    from r2c.llm.model import Usage
    from r2c_api.jobs.record import Record
    from r2c_api.jobs.table import JobTable

_ASKED = frozenset("decisions nouns sentence rules objective sets".split())
_STAGES = frozenset("decisions reading objective map verify reflect conclude".split())
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
        self._stages = Histogram(
            "r2c_stage_seconds", "Seconds of the stages of jobs that ended with an answer.",
            ["stage"], buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._tokens = Counter(
            "r2c_model_tokens", "Tokens of the language model by stage; cached are those of `in` "
            "that it had not to read anew.", ["stage", "direction"], registry=self.registry,
        )  # fmt: skip
        self._unreadable = Counter(
            "r2c_model_unreadable", "Answers of the language model that are not of the form.",
            ["stage"], registry=self.registry,
        )  # fmt: skip
        self._solver = Counter(
            "r2c_solver_seconds", "Seconds of the solver.", registry=self.registry
        )
        self._repairs = Counter(
            "r2c_reflections", "Rounds of diagnosis and repair.", registry=self.registry
        )
        self._ranks = Histogram(
            "r2c_card_rank", "Place of the archetype of a rule among those that its words find.",
            buckets=(1, 2, 3, 5, 8, 20), registry=self.registry,
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
            for stage, took in stage_seconds(answer.events):
                self._stages.labels(stage).observe(took)
            if record.kind == "formulate":
                self._repairs.inc(sum(event.stage == "reflect" for event in answer.events))
                for rank in card_ranks(answer):
                    self._ranks.observe(rank)
            for fault in answer.faults:
                self._faults.labels(fault.code).inc()

    def asked(self, purpose: str, usage: Usage, unreadable: int) -> None:
        """Count a call of the language model."""
        stage = purpose.partition(" ")[0]
        stage = stage if stage in _ASKED else "other"
        for direction, count in (
            ("in", usage.prompt_tokens),
            ("cached", usage.cached_tokens),
            ("out", usage.completion_tokens),
        ):
            self._tokens.labels(stage, direction).inc(count)
        self._unreadable.labels(stage).inc(unreadable)

    def solved(self, seconds: float) -> None:
        """Count an answer of the solver."""
        self._solver.inc(seconds)

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


def stage_seconds(events: Sequence[Event]) -> Iterator[tuple[str, float]]:
    """What each stage of a job took: the time between its event and the one before."""
    for before, event in pairwise(events):
        if event.stage in _STAGES and event.seconds >= before.seconds:  # not over a new run
            yield event.stage, event.seconds - before.seconds


def card_ranks(answer: Formulation) -> Iterator[int]:
    """For each rule with an archetype of its own the place of that among those its words find."""
    if answer.cir is None:
        return
    library = standard_library()
    for rule in answer.cir.rules:
        if rule.archetype != "linear" and rule.quote and rule.archetype in library:
            found = by_words(library).candidates(rule.quote, len(library))
            names = [item.card for item in found]
            yield names.index(rule.archetype) + 1 if rule.archetype in names else len(library)
