"""A language model that is told the form of an answer in words and not held to it by a grammar.

What the grammars add can so be measured on an endpoint that has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from r2c.errors import Fault
from r2c.llm.model import Candidate, LanguageModel, Message, ModelInfo, Reply
from r2c.llm.render import read, render
from r2c.llm.spec import Capability, OutputSpec

T = TypeVar("T")


class ToldForm:
    """Wraps a model; forms go out as instructions and answers are read strictly, as without it."""

    def __init__(self, model: LanguageModel) -> None:
        """Nothing is asked yet."""
        self._model = model

    @property
    def info(self) -> ModelInfo:
        """Of the wrapped model, whose capability is `text` here."""
        return replace(self._model.info, capability=Capability.TEXT)

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
        rendered = render(messages, spec, Capability.TEXT, self._model.info.kind)
        free: OutputSpec[T] | None = None
        reply = await self._model.complete(
            rendered.messages,
            free,
            samples=samples,
            temperature=temperature,
            seed=seed,
            max_tokens=max_tokens,
            deadline=deadline,
            purpose=purpose,
        )
        if spec is None:
            return reply
        answers = tuple(_read(candidate, spec, k) for k, candidate in enumerate(reply.candidates))
        return replace(reply, candidates=answers)


def _read(candidate: Candidate[T], spec: OutputSpec[T], index: int) -> Candidate[T]:
    if candidate.fault is not None:
        return candidate
    found = read(spec, Capability.TEXT, candidate.text, index)
    if isinstance(found, Fault):
        return replace(candidate, fault=found)
    return replace(candidate, value=found)
