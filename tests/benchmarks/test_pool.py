"""Several endpoints act as one: calls go to the least busy, and around one that is away."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import pytest

from r2c.errors import InputError, LanguageModelError
from r2c.llm.failures import UNREACHABLE
from r2c.llm.model import Message, Reply
from r2c.llm.testing import Call, ScriptedModel
from r2c.llm.wrapped import Asked, WrappedModel
from r2c_benchmarks.pool import Pool

T = TypeVar("T")
HELLO = [Message("system", "You count."), Message("user", "one")]


class Slow(WrappedModel):
    """Answers after a moment, so that calls overlap."""

    async def answer(self, asked: Asked[T]) -> Reply[T]:
        await asyncio.sleep(0.02)
        return await self.pass_on(asked)


def said(call: Call) -> str:
    return "yes"


async def test_calls_at_the_same_time_are_shared_evenly() -> None:
    models = [ScriptedModel(said) for _ in range(3)]
    pool = Pool([Slow(model) for model in models])
    await asyncio.gather(*(pool.complete(HELLO, None, max_tokens=4) for _ in range(9)))
    assert [len(model.calls) for model in models] == [3, 3, 3]


async def test_a_conversation_goes_where_it_began_if_nobody_is_busier() -> None:
    models = [ScriptedModel(said), ScriptedModel(said)]
    pool = Pool(models)
    other = [Message("system", "You sing."), Message("user", "la")]
    for _ in range(3):
        await asyncio.gather(
            pool.complete(HELLO, None, max_tokens=4), pool.complete(other, None, max_tokens=4)
        )
    beginnings = [{call.messages[0].content for call in model.calls} for model in models]
    assert sum(len(model.calls) for model in models) == 6
    assert all(len(told) <= 2 for told in beginnings)


async def test_an_endpoint_that_is_away_is_passed_over_and_left_to_rest() -> None:
    away = ScriptedModel(lambda call: UNREACHABLE(url="x", reason="refused", remedy="Start it."))
    there = ScriptedModel(said)
    pool = Pool([away, there])
    for _ in range(4):
        reply: Reply[str] = await pool.complete(HELLO, None, max_tokens=4)
        assert reply.candidates[0].text == "yes"
    assert (len(away.calls), len(there.calls)) == (1, 4)


async def test_if_all_are_away_the_failure_is_told() -> None:
    def gone(call: Call) -> LanguageModelError:
        return UNREACHABLE(url="x", reason="refused", remedy="Start it.")  # type: ignore[return-value]

    pool = Pool([ScriptedModel(gone), ScriptedModel(gone)])
    with pytest.raises(LanguageModelError):
        await pool.complete(HELLO, None, max_tokens=4)


def test_endpoints_of_different_models_are_refused() -> None:
    with pytest.raises(InputError, match="R2C-B097"):
        Pool([ScriptedModel(said, name="a"), ScriptedModel(said, name="b")])
