"""A language model around another: every question passes through a method that can change it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from r2c.llm.model import LanguageModel, Message, ModelInfo, Reply
from r2c.llm.spec import OutputSpec

T = TypeVar("T")


@dataclass(frozen=True)
class Question(Generic[T]):
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
    async def answer(self, question: Question[T]) -> Reply[T]:
        """The reply to a question, with `pass_on` as often as needed."""

    async def pass_on(self, question: Question[T]) -> Reply[T]:
        """Ask the model within."""
        return await self.model.complete(
            question.messages,
            question.spec,
            samples=question.samples,
            temperature=question.temperature,
            seed=question.seed,
            max_tokens=question.max_tokens,
            deadline=question.deadline,
            purpose=question.purpose,
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
        return await self.answer(Question(*asked))
