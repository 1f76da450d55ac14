"""A language model whose calls are sampled with other seeds, so that a run can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from r2c.llm.model import LanguageModel, Message, ModelInfo, Reply
from r2c.llm.spec import OutputSpec

T = TypeVar("T")
STEP = 1_000_000
"""Between the seeds of two runs: a method numbers its own calls and samples below it."""


class OtherSeed:
    """Wraps a model for a method that sets the seeds of its calls itself."""

    def __init__(self, model: LanguageModel, seed: int) -> None:
        """With seed 0 nothing is changed."""
        self._model = model
        self._shift = STEP * seed

    @property
    def info(self) -> ModelInfo:
        """Of the wrapped model."""
        return self._model.info

    async def complete(
        self,
        messages: Sequence[Message],
        spec: OutputSpec[T] | None,
        *,
        samples: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        max_tokens: int,
        deadline: float | None = None,
        purpose: str = "",
    ) -> Reply[T]:
        """See `r2c.llm.model.LanguageModel.complete`."""
        return await self._model.complete(
            messages,
            spec,
            samples=samples,
            temperature=temperature,
            seed=seed + self._shift,
            max_tokens=max_tokens,
            deadline=deadline,
            purpose=purpose,
        )
