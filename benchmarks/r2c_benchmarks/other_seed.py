"""A language model whose calls are sampled with other seeds, so that a run can be repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from r2c.llm.model import LanguageModel, Reply
from r2c.llm.wrapped import Asked, WrappedModel

T = TypeVar("T")
STEP = 1_000_000
"""Between the seeds of two runs: a method numbers its own calls and samples below it."""


class OtherSeed(WrappedModel):
    """Wraps a model for a method that sets the seeds of its calls itself."""

    def __init__(self, model: LanguageModel, seed: int) -> None:
        """With seed 0 nothing is changed."""
        super().__init__(model)
        self._shift = STEP * seed

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """Pass the call on with its seed moved."""
        return await self.pass_on(replace(asked, seed=asked.seed + self._shift))
