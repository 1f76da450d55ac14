"""A language model that counts what it is asked, whatever the method does with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from r2c.errors import Fault, LanguageModelError
from r2c.llm.model import LanguageModel, Message, ModelInfo, Reply, Usage
from r2c.llm.spec import OutputSpec

T = TypeVar("T")


class Meter:
    """Wraps a model for one problem; `usage` is the sum of its calls, cancelled ones included.

    `fault` is the last failure of the endpoint, so that a method that swallows it hides nothing.
    """

    def __init__(self, model: LanguageModel) -> None:
        """Count from zero."""
        self._model = model
        self.usage = Usage()
        self.fault: Fault | None = None

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
        cost = Usage(calls=1, estimated=True)  # stands if the call never comes back
        try:
            reply = await self._model.complete(
                messages,
                spec,
                samples=samples,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                deadline=deadline,
                purpose=purpose,
            )
            cost = reply.usage
        except LanguageModelError as error:
            self.fault = error.fault
            raise
        finally:
            self.usage += cost
        return reply
