"""A language model around another: every call passes through a method that can change it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from r2c.llm.model import LanguageModel, Message, ModelInfo, Reply
from r2c.llm.spec import OutputSpec

T = TypeVar("T")


@dataclass(frozen=True)
class Asked(Generic[T]):
    """What one call of `LanguageModel.complete` was given; see there."""

    messages: Sequence[Message]
    spec: OutputSpec[T] | None
    samples: int
    temperature: float
    seed: int
    max_tokens: int
    deadline: float | None
    purpose: str


class WrappedModel(ABC):
    """A `LanguageModel` that answers with the help of another."""

    def __init__(self, model: LanguageModel) -> None:
        """Nothing is asked yet."""
        self.model = model

    @property
    def info(self) -> ModelInfo:
        """What is known about the model within."""
        return self.model.info

    @abstractmethod
    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """The reply to a call, with `pass_on` as often as needed."""

    async def pass_on(self, asked: Asked[T], to: LanguageModel | None = None) -> Reply[T]:
        """Ask the model within, or another one."""
        return await (to or self.model).complete(
            asked.messages,
            asked.spec,
            samples=asked.samples,
            temperature=asked.temperature,
            seed=asked.seed,
            max_tokens=asked.max_tokens,
            deadline=asked.deadline,
            purpose=asked.purpose,
        )

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
        asked = (messages, spec, samples, temperature, seed, max_tokens, deadline, purpose)
        return await self.answer(Asked(*asked))
