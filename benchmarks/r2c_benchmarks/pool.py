"""Several endpoints that serve the same model, as one: each call goes to the least busy of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TypeVar

from r2c.errors import InputError, LanguageModelError, declare
from r2c.llm.failures import BROKEN_OFF, RATE_LIMITED, SERVER_FAILED, UNREACHABLE
from r2c.llm.least_busy import LeastBusy, Place
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
        self._models = LeastBusy(models)

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._models.places[0].item.info

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
        tried: list[Place[LanguageModel]] = []
        failure: LanguageModelError | None = None
        while (place := self._models.chosen(beginning, without=tried)) is not None:
            try:
                with place.at_work(beginning):
                    return await place.item.complete(
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
                if error.code not in _PASSING:
                    raise
                failure = error
                tried.append(place)
                place.rests_until = time.monotonic() + REST_SECONDS
        assert failure is not None, "a pool has at least one model"
        raise failure


def _beginning(messages: Sequence[Message]) -> str:
    """How a conversation begins: what the system is told, and the problem."""
    return "\n".join(message.content[:2000] for message in messages[:2])
