"""The model that read a problem, connected again only if there is something left to read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar, cast

from pydantic import JsonValue

from r2c.llm.model import EndpointKind, LanguageModel, Message, ModelInfo, Reply
from r2c.llm.spec import Capability, OutputSpec
from r2c.settings import Settings

T = TypeVar("T")


class KeptModel:
    """A `LanguageModel` known by what it told when it read; asked, it is connected anew."""

    def __init__(self, settings: Settings, known: dict[str, JsonValue]) -> None:
        """Nothing is connected yet.

        Args:
            settings: they say how to connect.
            known: the `model` of a manifest.
        """
        self._settings = settings
        self._model: LanguageModel | None = None
        self._info = ModelInfo(
            name=str(known["name"]),
            kind=cast("EndpointKind", known["kind"]),
            capability=Capability(str(known["capability"])),
            digest=str(known.get("digest", "")),
        )

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._info if self._model is None else self._model.info

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
        """See `r2c.llm.model.LanguageModel.complete`; also raises what `connect` does."""
        if self._model is None:
            from r2c.llm.connect import connect

            self._model = await asyncio.to_thread(connect, self._settings)
        return await self._model.complete(
            messages,
            spec,
            samples=samples,
            temperature=temperature,
            seed=seed,
            max_tokens=max_tokens,
            deadline=deadline,
            purpose=purpose,
        )
