"""A language model that is told the form of an answer in words and not held to it by a grammar.

What the grammars add can so be measured on an endpoint that has them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from r2c.errors import Fault
from r2c.llm.model import Candidate, ModelInfo, Reply
from r2c.llm.render import read, render
from r2c.llm.spec import Capability, OutputSpec
from r2c.llm.wrapped import Asked, WrappedModel

T = TypeVar("T")


class ToldForm(WrappedModel):
    """Wraps a model; forms go out as instructions and answers are read strictly, as without it."""

    @property
    def info(self) -> ModelInfo:
        """Of the wrapped model, whose capability is `text` here."""
        return replace(self.model.info, capability=Capability.TEXT)

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        """Ask for free text and read it by the form."""
        spec = asked.spec
        rendered = render(asked.messages, spec, Capability.TEXT, self.model.info.kind)
        reply = await self.pass_on(replace(asked, messages=rendered.messages, spec=None))
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
