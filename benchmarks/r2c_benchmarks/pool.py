"""Several endpoints that serve the same model, as one: each call goes to the least busy of them.

What an endpoint keeps of a conversation helps the next call that begins alike, so of equally busy
ones a call goes to the one that had its beginning last. One that fails is left out for a while.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from r2c.errors import InputError, LanguageModelError, declare
from r2c.llm.failures import BROKEN_OFF, RATE_LIMITED, SERVER_FAILED, UNREACHABLE
from r2c.llm.model import LanguageModel, Message, ModelInfo, Reply
from r2c.llm.spec import OutputSpec

T = TypeVar("T")
REST_SECONDS = 15.0
"""How long an endpoint that failed is left out."""

OTHER_MODEL = declare(
    "R2C-B097",
    InputError,
    what="The endpoints serve different models: {names}.",
    why="A run over several models would measure none of them.",
    remedy="Name endpoints of one model, or make a run for each.",
)
_PASSING = {kind.code for kind in (UNREACHABLE, RATE_LIMITED, SERVER_FAILED, BROKEN_OFF)}


@dataclass
class _Place:
    """One endpoint: how many calls it has, until when it rests, how conversations with it began."""

    model: LanguageModel
    busy: int = 0
    rests_until: float = 0.0
    begun: dict[str, float] = field(default_factory=dict)


class Pool:
    """A `LanguageModel` over several that serve the same."""

    def __init__(self, models: Sequence[LanguageModel]) -> None:
        """All endpoints, connected.

        Raises:
            InputError: R2C-B097.
        """
        names = sorted({model.info.name for model in models})
        if len(names) > 1:
            raise OTHER_MODEL(names=", ".join(names))
        self._places = [_Place(model) for model in models]

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._places[0].model.info

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
        """See `r2c.llm.model.LanguageModel.complete`; another endpoint is asked if one is away."""
        beginning = _beginning(messages)
        left = list(self._places)
        while True:
            place = self._chosen(left, beginning)
            place.busy += 1
            try:
                reply = await place.model.complete(
                    messages,
                    spec,
                    samples=samples,
                    temperature=temperature,
                    seed=seed,
                    max_tokens=max_tokens,
                    deadline=deadline,
                    purpose=purpose,
                )
            except LanguageModelError as error:
                left.remove(place)
                if error.code not in _PASSING or not left:
                    raise
                place.rests_until = time.monotonic() + REST_SECONDS
            else:
                place.begun[beginning] = time.monotonic()
                return reply
            finally:
                place.busy -= 1

    def _chosen(self, places: Sequence[_Place], beginning: str) -> _Place:
        now = time.monotonic()
        return min(
            places,
            key=lambda place: (
                place.rests_until > now,
                place.busy,
                -place.begun.get(beginning, 0.0),
            ),
        )


def _beginning(messages: Sequence[Message]) -> str:
    """How a conversation begins: what the system is told, and the problem."""
    return "\n".join(message.content[:2000] for message in messages[:2])
