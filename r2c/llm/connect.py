"""From the settings to a language model ready to be asked."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from r2c.llm.access import Access
from r2c.llm.endpoint import Embedded, GgufFile, Remote, parse_model
from r2c.llm.model import LanguageModel
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.probe import probe
from r2c.llm.progress import Progress, silent
from r2c.llm.retry import Retry
from r2c.llm.spec import Capability
from r2c.settings import Settings


def connect(settings: Settings, progress: Progress | None = None) -> LanguageModel:
    """The language model that the settings name.

    Blocks until the model can be asked: an endpoint is probed (seconds); the embedded model is
    fetched at its first use (about 1.1 GB) and its server started, unless it already runs. Inside
    an event loop, call it with `asyncio.to_thread`.

    Args:
        settings: `model`, `api_key`, `capability` and the limits count here.
        progress: Told how far fetching and starting are.

    Raises:
        LanguageModelError: any code from R2C-L001 on; each says what to do.
    """
    tell = progress or silent
    address = parse_model(settings.model)
    capability = None if settings.capability == "auto" else Capability(settings.capability)
    match address:
        case Remote():
            return _remote(settings, address, capability)
        case Embedded() | GgufFile():
            from r2c.llm.embedded.model import open_embedded

            path = address.path if isinstance(address, GgufFile) else None
            return open_embedded(settings, path, capability, tell)


def _remote(settings: Settings, address: Remote, capability: Capability | None) -> OpenAIModel:
    access = Access(
        address.url,
        settings.api_key.get_secret_value() if settings.api_key else "",
        settings.connect_seconds,
        settings.request_seconds,
    )
    # In a thread of its own, so that a running event loop of the caller is no hindrance.
    with ThreadPoolExecutor(max_workers=1) as pool:
        info = pool.submit(asyncio.run, probe(access, address.model, capability)).result()
    return OpenAIModel(access, info, retry=Retry(settings.retries), logprobs=settings.logprobs)
