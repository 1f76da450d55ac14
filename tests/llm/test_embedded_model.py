"""The real embedded model, fetched into the cache that the settings name, asked and stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator

import pytest

from r2c.llm.connect import connect
from r2c.llm.embedded import server
from r2c.llm.embedded.home import Home
from r2c.llm.embedded.process import start_mark
from r2c.llm.model import LanguageModel, Message, Reply
from r2c.llm.spec import Capability, OutputSpec
from r2c.settings import Settings, load_settings

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(600)]

TALK = [
    Message("system", "You answer with one of the words that are allowed."),
    Message("user", "A factory may not make more than 40 units. Is this a limit or a goal?"),
]
WORDS = OutputSpec(
    "word",
    'root ::= "limit" | "goal"',
    {
        "type": "object",
        "properties": {"word": {"type": "string", "enum": ["limit", "goal"]}},
        "required": ["word"],
        "additionalProperties": False,
    },
    "Write only the word limit or the word goal.",
    str,
    lambda value: str(value["word"]) if isinstance(value, dict) else "",
)


@pytest.fixture
def settings() -> Iterator[Settings]:
    settings = load_settings()
    was_running = any(status.running for status in server.status(settings.cache_dir))
    yield settings
    if not was_running:
        server.stop(settings.cache_dir)


@pytest.mark.parametrize("capability", ["grammar", "json_schema"])
def test_the_embedded_model_is_held_to_the_form_and_draws_samples_together(
    settings: Settings, capability: str
) -> None:
    model = connect(settings.model_copy(update={"model": "embedded", "capability": capability}))
    assert model.info.capability is Capability(capability)
    reply = asyncio.run(
        model.complete(TALK, WORDS, samples=3, temperature=0.8, seed=1, max_tokens=40)
    )
    assert len(reply.values) == 3
    assert set(reply.values) <= {"limit", "goal"}
    assert reply.usage.calls == 1
    assert all((candidate.logprob or 1) <= 0 for candidate in reply.candidates)


def busy_slots(home: Home) -> bool:
    from r2c.llm.embedded.serve import _busy

    running = home.recorded()
    assert running is not None
    return _busy(running.port, home.key())


def test_a_cancelled_call_frees_the_model(settings: Settings) -> None:
    model: LanguageModel = connect(settings.model_copy(update={"model": "embedded"}))
    (home,) = [status.home for status in server.status(settings.cache_dir) if status.running]

    async def cancel() -> None:
        ask = [Message("user", "Count from one to one thousand in words.")]
        call: Coroutine[None, None, Reply[str]] = model.complete(ask, None, max_tokens=2000)
        task = asyncio.create_task(call)
        while not await asyncio.to_thread(busy_slots, home):
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        end = time.monotonic() + 10
        while await asyncio.to_thread(busy_slots, home):
            assert time.monotonic() < end, "the model goes on writing for nobody"
            await asyncio.sleep(0.1)

    asyncio.run(cancel())


def test_stopping_leaves_no_process(settings: Settings) -> None:
    connect(settings.model_copy(update={"model": "embedded"}))
    stopped = server.stop(settings.cache_dir)
    assert stopped
    assert [start_mark(running.pid) for running in stopped] == [None] * len(stopped)
