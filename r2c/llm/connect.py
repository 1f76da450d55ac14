"""From the settings to a language model ready to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from r2c.errors import InputError, declare
from r2c.llm.access import Access
from r2c.llm.endpoint import Embedded, GgufFile, Remote, parse_model
from r2c.llm.model import LanguageModel, ModelInfo
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.probe import probe
from r2c.llm.progress import Progress, silent
from r2c.llm.record import RecordingModel, ReplayModel
from r2c.llm.recording import append
from r2c.llm.retry import Retry
from r2c.llm.spec import Capability
from r2c.llm.tasks import TaskModels
from r2c.settings import Settings

TWO_RECORDINGS = declare(
    "R2C-L063",
    InputError,
    what="R2C_RECORD is {record!r} and R2C_REPLAY is {replay!r}.",
    why="A replay asks no model, so there would be nothing to record.",
    remedy="Unset one of them, or name the same file in both: it then answers what it holds, and "
    "the model is asked for the rest.",
)


def connect(settings: Settings, progress: Progress | None = None) -> LanguageModel:
    """The language model that the settings name, or the recording in its place.

    Blocks until the model can be asked: an endpoint is probed (seconds); the embedded model is
    fetched at its first use (about 1.1 GB) and its server started, unless it already runs. Inside
    an event loop, call it with `asyncio.to_thread`.

    Args:
        settings: `model`, `api_key`, `capability`, `record`, `replay` and the limits count here.
        progress: Told how far fetching and starting are.

    Raises:
        LanguageModelError: any code from R2C-L001 on; each says what to do.
        StoreError: R2C-L061 or R2C-L062, the recording cannot be read or written.
        InputError: R2C-L063, another recording is replayed than written.
    """
    recorded, replayed = _recordings(settings)
    if replayed is not None and recorded is None:
        return ReplayModel(replayed)
    if recorded is None:
        return _connected(settings, progress or silent)
    append(recorded, "")  # a file that cannot be written is told before a model is fetched
    return RecordingModel(
        _connected(settings, progress or silent), recorded, reuse=recorded == replayed
    )


def _recordings(settings: Settings) -> tuple[Path | None, Path | None]:
    """The files to write and to replay."""
    recorded, replayed = (
        None if path is None else path.expanduser().resolve()
        for path in (settings.record, settings.replay)
    )
    if recorded is not None and replayed is not None and recorded != replayed:
        raise TWO_RECORDINGS(record=str(recorded), replay=str(replayed))
    return recorded, replayed


def _connected(settings: Settings, tell: Progress) -> LanguageModel:
    address = parse_model(settings.model)
    capability = None if settings.capability == "auto" else Capability(settings.capability)
    match address:
        case Remote():
            return _remote(settings, address, capability)
        case Embedded() | GgufFile():
            from r2c.llm.embedded.model import open_embedded

            path = address.path if isinstance(address, GgufFile) else None
            return open_embedded(settings, path, capability, tell)


def _remote(settings: Settings, address: Remote, capability: Capability | None) -> LanguageModel:
    access = Access(
        address.url,
        settings.api_key.get_secret_value() if settings.api_key else "",
        settings.connect_seconds,
        settings.request_seconds,
    )
    info = _awaited(probe(access, address.model, capability))

    def named(name: str) -> OpenAIModel:
        retry = Retry(settings.retries)
        return OpenAIModel(
            access, replace(info, name=name), retry=retry, logprobs=settings.logprobs
        )

    if not address.by_task:
        return named(info.name)
    # Adapters are held to formats as their base is: the same server does it.
    return TaskModels(named(info.name), {task: named(name) for task, name in address.by_task})


def _awaited(asked: Coroutine[None, None, ModelInfo]) -> ModelInfo:
    """The result of a coroutine, whether or not the caller has an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(asked)  # in this thread, where Ctrl-C ends it at once
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, asked).result()
