"""R2C without a language model: what code alone reads of a problem, and nothing where it cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from r2c.errors import LanguageModelError, declare
from r2c.llm.model import Reply
from r2c.llm.wrapped import Asked, WrappedModel
from r2c_benchmarks.items import Item
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.methods.r2c import Pipeline

T = TypeVar("T")

NOT_BY_WORDS = declare(
    "R2C-B027",
    LanguageModelError,
    what="The words alone do not settle this problem: they leave open its {part}.",
    why="It would have to be read by a language model.",
    remedy="Measure with the method r2c.",
)


class Silent(WrappedModel):
    """Answers nothing: whoever asks has come to where the words do not suffice."""

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """Refuse."""
        raise NOT_BY_WORDS(part=asked.purpose)


@dataclass(frozen=True)
class WordsAlone(Pipeline):
    """The pipeline as it is, given up at its first question to the model."""

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Formulate and solve a problem whose every sentence is settled."""
        try:
            return await super().attempt(item, replace(means, model=Silent(means.model)))
        except LanguageModelError as error:
            if error.code != NOT_BY_WORDS.code:
                raise
            # No verdict: "unsupported" would be right where a problem is.
            return Attempt("error", message=error.fault.what)


METHOD = WordsAlone("words", "R2C without a language model: what the words alone settle")
