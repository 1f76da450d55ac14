"""The scripted model reads its script strictly and keeps an account of the calls."""

from __future__ import annotations

import pytest

from r2c.errors import LanguageModelError
from r2c.llm.failures import RATE_LIMITED
from r2c.llm.model import LanguageModel, Message, Reply
from r2c.llm.spec import Capability, OutputSpec
from r2c.llm.testing import Call, ScriptedModel

ASK = [Message("user", "How many?")]
NUMBER = OutputSpec("number", "root ::= [0-9]+", {}, "Digits.", int, lambda value: int(str(value)))


async def test_answers_come_in_order_and_are_read_by_the_spec() -> None:
    model = ScriptedModel(["7", ["8", "eight"]])
    seam: LanguageModel = model
    assert (await seam.complete(ASK, NUMBER, max_tokens=5, purpose="first")).values == (7,)
    reply = await seam.complete(ASK, NUMBER, samples=2, max_tokens=5)
    assert [candidate.value for candidate in reply.candidates] == [8, None]
    assert reply.candidates[1].fault is not None
    assert reply.candidates[1].fault.code == "R2C-L026"
    assert [call.purpose for call in model.calls] == ["first", ""]
    assert model.unused == 0


async def test_one_text_answers_every_sample() -> None:
    reply = await ScriptedModel(["7"]).complete(ASK, NUMBER, samples=3, max_tokens=5)
    assert reply.values == (7, 7, 7)


async def test_a_callable_sees_the_whole_call() -> None:
    def answer(call: Call) -> str:
        assert call.grammar == NUMBER.grammar
        return str(call.max_tokens + call.seed)

    model = ScriptedModel(answer)
    assert (await model.complete(ASK, NUMBER, seed=2, max_tokens=5)).values == (7,)


async def test_calls_show_what_an_endpoint_of_that_capability_would_be_told() -> None:
    model = ScriptedModel(["7"], capability=Capability.TEXT)
    await model.complete(ASK, NUMBER, max_tokens=5)
    assert model.calls[0].messages[-1].content == "How many?\n\nDigits."


async def test_without_a_spec_the_text_is_all() -> None:
    reply: Reply[str] = await ScriptedModel(["seven"]).complete(ASK, None, max_tokens=5)
    assert (reply.candidates[0].text, reply.candidates[0].fault) == ("seven", None)


async def test_a_scripted_error_is_raised() -> None:
    model = ScriptedModel([RATE_LIMITED(url="u", said="slow down", wait="1 s")])
    with pytest.raises(LanguageModelError, match="R2C-L009"):
        await model.complete(ASK, NUMBER, max_tokens=5)


async def test_an_answer_too_few_is_told_with_the_call() -> None:
    model = ScriptedModel(["7"])
    await model.complete(ASK, NUMBER, max_tokens=5)
    with pytest.raises(LanguageModelError) as caught:
        await model.complete(ASK, NUMBER, max_tokens=5, purpose="rules")
    assert caught.value.code == "R2C-L050"
    assert "call 2" in str(caught.value)
    assert "'rules'" in str(caught.value)


async def test_a_list_of_the_wrong_length_is_told() -> None:
    with pytest.raises(LanguageModelError) as caught:
        await ScriptedModel([["7", "8"]]).complete(ASK, NUMBER, samples=3, max_tokens=5)
    assert caught.value.code == "R2C-L051"
