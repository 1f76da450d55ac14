"""A language model that counts what it is asked, whatever the method does with it."""

from __future__ import annotations

from typing import TypeVar

from r2c.errors import Fault, LanguageModelError
from r2c.llm.model import LanguageModel, Reply, Usage
from r2c.llm.wrapped import Asked, WrappedModel

T = TypeVar("T")


class Meter(WrappedModel):
    """Wraps a model for one problem; `usage` is the sum of its calls, cancelled ones included.

    `fault` is the last failure of the endpoint, so that a method that swallows it hides nothing.
    """

    def __init__(self, model: LanguageModel) -> None:
        """Count from zero."""
        super().__init__(model)
        self.usage = Usage()
        self.fault: Fault | None = None

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """Pass the call on and add up what that cost."""
        cost = Usage(calls=1, estimated=True)  # stands if the call never comes back
        try:
            reply = await self.pass_on(asked)
            cost = reply.usage
        except LanguageModelError as error:
            self.fault = error.fault
            raise
        finally:
            self.usage += cost
        return reply
