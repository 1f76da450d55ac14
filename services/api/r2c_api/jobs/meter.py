"""What a tenant uses while jobs run: tokens of the language model and seconds of the solver."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from r2c.llm.wrapped import Asked, WrappedModel
from r2c.solve.process import METER

if TYPE_CHECKING:
    from r2c.llm.model import LanguageModel, Reply, Usage
    from r2c_api.keys.table import KeyTable

T = TypeVar("T")


class Watch(Protocol):
    """Who is told of everything that is counted, whoever it is for."""

    def asked(self, purpose: str, usage: Usage, unreadable: int) -> None:
        """A call of the language model, and how many of its answers could not be read."""

    def solved(self, seconds: float) -> None:
        """An answer of the solver."""


class Meter:
    """Counts for one tenant; `flush` writes what came together since the last time."""

    def __init__(self, keys: KeyTable, tenant: str, watch: Watch | None = None) -> None:
        self._keys = keys
        self.watch = watch
        self.tenant = tenant
        self._lock = threading.Lock()
        self._tokens = 0
        self._seconds = 0.0

    def tokens(self, count: int) -> None:
        """Count tokens."""
        with self._lock:
            self._tokens += count

    def seconds(self, count: float) -> None:
        """Count seconds of a solver."""
        with self._lock:
            self._seconds += count
        if self.watch is not None and count:
            self.watch.solved(count)

    def flush(self) -> None:
        """Write what was counted.

        Raises:
            StoreError: R2C-B613; it is written the next time.
        """
        with self._lock:
            tokens, seconds = self._tokens, self._seconds
            self._tokens, self._seconds = 0, 0.0
        if not (tokens or seconds):
            return
        try:
            self._keys.use(self.tenant, tokens, seconds)
        except BaseException:
            with self._lock:
                self._tokens += tokens
                self._seconds += seconds
            raise

    @contextmanager
    def solving(self) -> Iterator[None]:
        """Count the solvers of the block and of the tasks and threads that it starts."""
        token = METER.set(self.seconds)
        try:
            yield
        finally:
            METER.reset(token)


class MeteredModel(WrappedModel):
    """A language model whose tokens are counted; what an endpoint has cached is free."""

    def __init__(self, model: LanguageModel, meter: Meter) -> None:
        super().__init__(model)
        self._meter = meter

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """The reply of the model within."""
        reply = await self.pass_on(asked)
        usage = reply.usage
        read = usage.prompt_tokens - usage.cached_tokens
        self._meter.tokens(read + usage.completion_tokens)
        if self._meter.watch is not None:
            unreadable = len(reply.candidates) - len(reply.readable)
            self._meter.watch.asked(asked.purpose, usage, unreadable)
        return reply
