"""The embedded model behind the seam: an OpenAI client whose server is there when it is needed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from r2c.errors import LanguageModelError
from r2c.llm.access import Access
from r2c.llm.embedded.checked import known_digest
from r2c.llm.embedded.find import find_weights
from r2c.llm.embedded.home import Running, home_of
from r2c.llm.embedded.launch import TOO_SLOW, Options
from r2c.llm.embedded.server import ensure
from r2c.llm.failures import BROKEN_OFF, DEADLINE, UNREACHABLE
from r2c.llm.model import Message, ModelInfo, Reply
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.probe import probe
from r2c.llm.progress import Progress, silent
from r2c.llm.retry import Retry
from r2c.llm.spec import Capability, OutputSpec
from r2c.settings import Settings

T = TypeVar("T")


class EmbeddedModel:
    """A `LanguageModel` on this machine. Its server may stop when idle and is started again."""

    def __init__(self, settings: Settings, weights: Path, capability: Capability | None) -> None:
        """Nothing is started before `prepare`.

        Args:
            settings: Limits, threads and the cache folder.
            weights: The GGUF file.
            capability: Given by the user; None takes the strongest.
        """
        self._settings = settings
        self._weights = weights
        self._capability = capability
        self._home = home_of(settings.cache_dir, weights)
        self._served: tuple[Running, OpenAIModel] | None = None

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        if self._served is None:
            raise RuntimeError("prepare() was not called")
        return self._served[1].info

    def prepare(self, progress: Progress, seconds: float | None = None) -> OpenAIModel:
        """The client of a ready server, started if need be.

        Args:
            progress: Told about stage START.
            seconds: Limit for a start; the setting unless given.
        """
        settings = self._settings
        options = Options(
            threads=settings.embedded_threads,
            idle_seconds=settings.embedded_idle_seconds,
            start_seconds=settings.embedded_start_seconds if seconds is None else seconds,
        )
        running, key = ensure(settings.cache_dir, self._weights, options, progress)
        if self._served is not None and self._served[0] == running:
            return self._served[1]
        access = Access(running.url, key, settings.connect_seconds, settings.request_seconds)
        if self._served is None:
            with ThreadPoolExecutor(max_workers=1) as pool:
                asked = probe(access, self._weights.stem, self._capability)
                info = pool.submit(asyncio.run, asked).result()
            info = replace(info, digest=known_digest(self._weights))
        else:
            info = self._served[1].info
        model = OpenAIModel(access, info, retry=Retry(settings.retries), logprobs=settings.logprobs)
        self._served = (running, model)
        return model

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
        begun = time.monotonic()

        async def ask() -> Reply[T]:
            model = await self._ready(deadline)
            return await model.complete(
                messages,
                spec,
                samples=samples,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                deadline=deadline,
                purpose=purpose,
            )

        try:
            reply = await ask()
        except LanguageModelError as error:
            # The server died under the request (killed, out of memory): once more with a new one.
            if error.code not in (UNREACHABLE.code, BROKEN_OFF.code):
                raise
            reply = await ask()
        finally:
            self._home.touch()
        return replace(reply, usage=replace(reply.usage, seconds=time.monotonic() - begun))

    async def _ready(self, deadline: float | None) -> OpenAIModel:
        """The client of a ready server, by the deadline."""
        limit = self._settings.embedded_start_seconds
        if deadline is not None:
            limit = min(limit, deadline - time.monotonic())
        try:
            # Even without time left a server that runs is found; the client then says what is up.
            return await asyncio.to_thread(self.prepare, silent, max(0.0, limit))
        except LanguageModelError as error:
            if error.code != TOO_SLOW.code or limit >= self._settings.embedded_start_seconds:
                raise
            state = f"The embedded model was not ready in the {max(0.0, limit):.1f} s left."
            raise DEADLINE(url="embedded", state=state) from error


def open_embedded(
    settings: Settings, weights: Path | None, capability: Capability | None, progress: Progress
) -> EmbeddedModel:
    """The embedded model, fetched if need be and ready to be asked.

    Args:
        settings: See `r2c.settings.Settings`.
        weights: A GGUF file of the user; None takes the default model.
        capability: Given by the user; None takes the strongest.
        progress: Told about fetching and starting.

    Raises:
        LanguageModelError: R2C-L100 on, no weights or no server.
        StoreError: R2C-L102, R2C-L107, R2C-L108.
    """
    found = weights or find_weights(settings.cache_dir, settings.model_hub, progress)
    model = EmbeddedModel(settings, found, capability)
    model.prepare(progress)
    return model
