"""What each stage of a job cost: calls, tokens and seconds, as its events come in."""

from __future__ import annotations

import time

from pydantic import JsonValue

from r2c.formulation import Event
from r2c.llm.model import LanguageModel, Usage
from r2c.llm.wrapped import WrappedModel
from r2c_benchmarks.meter import Meter

AT_ITS_BEGINNING = ("start", "conclude")
"""Events that are told when something begins; all others come when their stage is done."""


class Stages:
    """Listens to the events of one job."""

    def __init__(self, model: LanguageModel) -> None:
        """Begin.

        Args:
            model: What the job asks; tokens are known if a `Meter` is in it.
        """
        self._meter = _meter(model)
        self._began = time.monotonic()
        self._seconds, self._usage = 0.0, self._used()
        self._found: dict[str, tuple[float, Usage]] = {}

    def hear(self, event: Event) -> None:
        """A stage is done; what was used since the one before is its own."""
        if event.stage not in AT_ITS_BEGINNING:
            self._count(event.stage)

    def told(self) -> list[JsonValue]:
        """The stages in the order in which they came first; what came last was judging."""
        self._count("judging")
        return [
            {
                "stage": stage,
                "calls": used.calls,
                "prompt_tokens": used.prompt_tokens,
                "cached_tokens": used.cached_tokens,
                "completion_tokens": used.completion_tokens,
                "seconds": round(seconds, 3),
            }
            for stage, (seconds, used) in self._found.items()
        ]

    def _count(self, stage: str) -> None:
        now, used = time.monotonic() - self._began, self._used()
        seconds, before = self._found.get(stage, (0.0, Usage()))
        since = Usage(
            calls=used.calls - self._usage.calls,
            prompt_tokens=used.prompt_tokens - self._usage.prompt_tokens,
            cached_tokens=used.cached_tokens - self._usage.cached_tokens,
            completion_tokens=used.completion_tokens - self._usage.completion_tokens,
        )
        self._found[stage] = (seconds + now - self._seconds, before + since)
        self._seconds, self._usage = now, used

    def _used(self) -> Usage:
        return Usage() if self._meter is None else self._meter.usage


def _meter(model: LanguageModel) -> Meter | None:
    inner: object = model
    while isinstance(inner, WrappedModel):
        if isinstance(inner, Meter):
            return inner
        inner = inner.model
    return None
