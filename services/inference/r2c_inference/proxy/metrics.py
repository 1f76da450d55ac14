"""What is counted, in the form that Prometheus reads. No text of a request is in it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


class Metrics:
    """The counters of one proxy."""

    def __init__(self) -> None:
        """All are zero."""
        self._registry = CollectorRegistry()
        self.requests = self._counter("requests", "Requests by path and status.", "path", "status")
        self.tokens = self._counter("tokens", "Tokens that replicas reported.", "kind")
        self.cancelled = self._counter("cancelled", "Requests whose client went away.")
        self.ejected = self._counter("ejected", "Times that a replica was left out.", "replica")
        self.busy = self._gauge("busy", "Requests that a replica works on.", "replica")
        self.ready = self._gauge("ready", "Whether a replica can answer.", "replica")
        self.seconds = Histogram(
            "r2c_inference_seconds",
            "From a request to the end of its answer.",
            ["path"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def told(self) -> bytes:
        """All of them as text."""
        return generate_latest(self._registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"r2c_inference_{name}", meaning, labels, registry=self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"r2c_inference_{name}", meaning, labels, registry=self._registry)
