"""A language model whose calls are spans of the trace that they are made in."""

from __future__ import annotations

from typing import TypeVar

from r2c import telemetry
from r2c.llm.model import Reply
from r2c.llm.wrapped import Asked, WrappedModel

T = TypeVar("T")


class TracedModel(WrappedModel):
    """What was asked for and what it cost is told, never what was said."""

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """The reply of the model within."""
        with telemetry.span(
            "chat",
            operation="chat",
            provider=self.info.kind,
            model=self.info.name,
            purpose=asked.purpose,
            choices=asked.samples,
            temperature=asked.temperature,
            max_tokens=asked.max_tokens,
            seed=asked.seed,
        ) as span:
            reply = await self.pass_on(asked)
            usage = reply.usage
            span.say(
                tokens_in=usage.prompt_tokens,
                tokens_out=usage.completion_tokens,
                tokens_cached=usage.cached_tokens,
            )
            return reply
