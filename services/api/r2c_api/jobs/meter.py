"""What a tenant uses while jobs run: tokens of the language model and seconds of the solver."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from r2c.llm.wrapped import Asked, WrappedModel
from r2c.solve.process import METER

if TYPE_CHECKING:
    from r2c.llm.model import LanguageModel, Reply
    from r2c_api.keys.table import KeyTable

T = TypeVar("T")


class Meter:
    """Counts for one tenant; `flush` writes what came together since the last time."""

    def __init__(self, keys: KeyTable, tenant: str) -> None:
        self._keys = keys
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
            self.tokens(tokens)
            self.seconds(seconds)
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
        return reply
