"""What one server gives: questions of unlike beginnings, one at a time and several together."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from r2c.errors import InputError, declare
from r2c.llm.access import Access
from r2c.llm.embedded.server import Status
from r2c.llm.model import LanguageModel, Message, Reply, Usage
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.probe import probe
from r2c_benchmarks.runtimes.memory import held_by

NO_SERVER = declare(
    "R2C-B112",
    InputError,
    what="No model server that could be measured runs on this machine.",
    why="The bench measures what `r2c models status` lists{of}.",
    remedy="Start some with `r2c models serve` and `r2c models serve MODEL`, then measure again.",
)
NOTHING_SAID = declare(
    "R2C-B113",
    InputError,
    what="{name!r} wrote no token in answer to {count:question}.",
    why="A speed cannot be told from that.",
    remedy="Measure another model; this one ends its answers at once.",
)

TOGETHER = (1, 8)
"""Requests at the same time."""
_WORDS = (
    "amber birch cedar delta ember fjord grove heron inlet jetty knoll lagoon maple nomad".split()
)
_PROMPT_WORDS = 700


@dataclass(frozen=True)
class Served:
    """A server that runs, and the model behind it."""

    model: LanguageModel
    pid: int

    @property
    def name(self) -> str:
        """Runtime and model in words; of a file its name alone."""
        return f"{self.model.info.kind} {Path(self.model.info.name).name}"


class Measurement(BaseModel):
    """One repeat of one server; speeds are tokens a second."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str
    repeat: int
    single: float = Field(description="Written, one request at a time.")
    together: float = Field(description="Written by all of 8 requests at the same time.")
    prompt: float = Field(description="Read of a prompt that begins like no other.")
    memory: int | None = Field(description="Bytes held afterwards, with all child processes.")
    load: float = Field(description="Load average just before.")


async def reach(server: Status) -> Served:
    """The model of a server that runs.

    Raises:
        LanguageModelError: it does not answer.
    """
    running = server.running
    assert running is not None, "only servers that run are reached"
    access = Access(running.url, server.home.key(), request_seconds=1800.0)
    info = await probe(access, None)
    return Served(OpenAIModel(access, info, logprobs=False), running.pid)


async def measure(served: Served, repeat: int, tokens: int) -> Measurement:
    """One repeat.

    Args:
        served: The server.
        repeat: Its number; beginnings of prompts differ by it.
        tokens: Most tokens of one answer.

    Raises:
        InputError: R2C-B113.
        LanguageModelError: the server failed.
    """
    load = os.getloadavg()[0]
    speeds = [await _written(served, f"{repeat} {count}", count, tokens) for count in TOGETHER]
    return Measurement(
        server=served.name,
        repeat=repeat,
        single=speeds[0],
        together=speeds[1],
        prompt=await _read(served, repeat),
        memory=held_by(served.pid),
        load=load,
    )


async def warm(served: Served) -> None:
    """One short question, so that nothing is compiled or loaded while it is measured."""
    await _asked(served, "warm. Say yes.", 4)


async def _written(served: Served, mark: str, count: int, tokens: int) -> float:
    began = time.perf_counter()
    said = await asyncio.gather(
        *(
            _asked(served, f"List {mark} {place}. Count from one to two hundred in words.", tokens)
            for place in range(count)
        )
    )
    seconds = time.perf_counter() - began
    written = sum(usage.completion_tokens for usage in said)
    if not written:
        raise NOTHING_SAID(name=served.name, count=count)
    return written / seconds


async def _read(served: Served, repeat: int) -> float:
    """Prompt tokens a second; the one token written is in the time."""
    words = (_WORDS[(place * place + repeat) % len(_WORDS)] for place in range(_PROMPT_WORDS))
    began = time.perf_counter()
    usage = await _asked(served, f"{time.time_ns()} {' '.join(words)}. Which word was last?", 1)
    return (usage.prompt_tokens - usage.cached_tokens) / (time.perf_counter() - began)


async def _asked(served: Served, text: str, tokens: int) -> Usage:
    # What differs stands first: nothing of an earlier prompt can be used again.
    reply: Reply[str] = await served.model.complete(
        [Message("user", text)], None, max_tokens=tokens
    )
    return reply.usage
