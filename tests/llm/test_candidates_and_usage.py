"""Samples, their faults as data, their cost, and what is asked of endpoints that differ."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_server import Act, FakeServer, chunk, completion, per_request, reply, stream

from r2c.llm.access import Access
from r2c.llm.model import EndpointKind, Message, ModelInfo, Reply
from r2c.llm.openai_client import OpenAIModel
from r2c.llm.retry import Retry
from r2c.llm.spec import Capability, OutputSpec

pytestmark = pytest.mark.timeout(20)

ASK = [Message("user", "How many?")]


def read_number(text: str) -> int:
    if not text.isdigit():
        raise ValueError(f"{text!r} is not a number")
    return int(text)


def read_json_number(value: object) -> int:
    if not isinstance(value, dict) or set(value) != {"n"}:
        raise ValueError("not {n: ...}")
    return int(value["n"])


NUMBER = OutputSpec(
    "number",
    "root ::= [0-9]+",
    {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
    "Write digits only.",
    read_number,
    read_json_number,
)


def model_at(
    url: str,
    *,
    kind: EndpointKind = "llama.cpp",
    capability: Capability = Capability.GRAMMAR,
    most: int = 4,
    logprobs: bool = True,
) -> OpenAIModel:
    info = ModelInfo("m", kind, capability, max_samples=most)
    return OpenAIModel(Access(url, request_seconds=5), info, retry=Retry(0), logprobs=logprobs)


def as_many_as_asked(request: dict[str, Any]) -> Act:
    return completion(*[str(request.get("seed", 0) + i) for i in range(request.get("n", 1))])


async def test_a_bad_sample_is_data_and_leaves_the_good_ones() -> None:
    with FakeServer(completion("12", "twelve", "", "7")) as server:
        reply = await model_at(server.url).complete(ASK, NUMBER, samples=4, max_tokens=5)
    assert reply.values == (12, 7)
    faults = [candidate.fault.code if candidate.fault else None for candidate in reply.candidates]
    assert faults == [None, "R2C-L026", "R2C-L023", None]
    assert [candidate.text for candidate in reply.candidates] == ["12", "twelve", "", "7"]


@pytest.mark.parametrize(
    ("finish", "code"), [("length", "R2C-L024"), ("content_filter", "R2C-L025")]
)
async def test_a_cut_or_withheld_sample_has_no_value(finish: str, code: str) -> None:
    with FakeServer(completion("12", finish=finish)) as server:
        reply = await model_at(server.url).complete(ASK, NUMBER, max_tokens=5)
    (candidate,) = reply.candidates
    assert (candidate.value, candidate.text) == (None, "12")
    assert candidate.fault is not None
    assert candidate.fault.code == code


@pytest.mark.parametrize(
    "choice",
    [{}, {"message": None}, {"message": {"content": None}}, {"message": {"content": 7}}],
    ids=["no message", "null message", "null content", "a number as content"],
)
async def test_a_choice_without_text_is_a_fault_not_a_crash(choice: dict[str, Any]) -> None:
    with FakeServer(reply(200, json.dumps({"choices": [choice]}))) as server:
        answer = await model_at(server.url).complete(ASK, NUMBER, max_tokens=5)
    assert answer.candidates[0].fault is not None
    assert answer.candidates[0].fault.code == "R2C-L023"


async def test_samples_of_one_prompt_go_out_as_one_request() -> None:
    with FakeServer(per_request(as_many_as_asked)) as server:
        answer = await model_at(server.url).complete(ASK, NUMBER, samples=3, seed=5, max_tokens=5)
        assert [request.get("n") for request in server.requests] == [3]
    assert answer.values == (5, 6, 7)


async def test_more_samples_than_a_request_can_bring_are_split_with_new_seeds() -> None:
    with FakeServer(per_request(as_many_as_asked)) as server:
        model = model_at(server.url, most=4)
        answer = await model.complete(ASK, NUMBER, samples=9, seed=0, max_tokens=5)
        assert [request.get("n", 1) for request in server.requests] == [4, 4, 1]
    assert answer.values == tuple(range(9))
    assert answer.usage.calls == 3


@pytest.mark.parametrize("said", ["n must be 1", "unsupported parameter"])
async def test_an_endpoint_that_refuses_n_is_asked_one_by_one_and_remembered(said: str) -> None:
    def choosy(request: dict[str, Any]) -> Act:
        if request.get("n", 1) > 1:
            return reply(400, json.dumps({"error": {"message": said}}))
        return as_many_as_asked(request)

    with FakeServer(per_request(choosy)) as server:
        model = model_at(server.url)
        answer = await model.complete(ASK, NUMBER, samples=3, max_tokens=5)
        assert answer.values == (0, 1, 2)
        asked = len(server.requests)
        await model.complete(ASK, NUMBER, samples=2, max_tokens=5)
        assert len(server.requests) == asked + 2


async def test_an_endpoint_that_ignores_n_is_asked_for_the_rest() -> None:
    def deaf(request: dict[str, Any]) -> Act:
        return completion(str(request["seed"]))

    with FakeServer(per_request(deaf)) as server:
        answer = await model_at(server.url).complete(ASK, NUMBER, samples=3, max_tokens=5)
        assert len(server.requests) == 3
    assert answer.values == (0, 1, 2)


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("logprobs", "logprobs are not supported"),
        ("seed", "Unknown field: seed"),
        ("temperature", "temperature does not support 0.0 with this model"),
        ("max_tokens", "'max_tokens' is not supported; use 'max_completion_tokens'"),
    ],
)
async def test_a_refused_optional_field_is_dropped_for_good(refused: str, said: str) -> None:
    def choosy(request: dict[str, Any]) -> Act:
        if refused in request:
            return reply(400, json.dumps({"error": {"message": said}}))
        return completion("1")

    with FakeServer(per_request(choosy)) as server:
        model = model_at(server.url)
        assert (await model.complete(ASK, NUMBER, max_tokens=5)).values == (1,)
        assert (await model.complete(ASK, NUMBER, max_tokens=5)).usage.calls == 1
        assert len(server.requests) == 3


async def test_streamed_samples_are_put_together_with_their_tokens_and_cost() -> None:
    def usage(tokens: int) -> str:
        counts = {"prompt_tokens": 30, "completion_tokens": tokens}
        details = {"prompt_tokens_details": {"cached_tokens": 24}}
        return json.dumps({"choices": [], "usage": counts | details})

    def listed(*logprobs: float) -> dict[str, Any]:
        return {"logprobs": {"content": [{"logprob": value} for value in logprobs]}}

    events = [
        json.dumps({"choices": [{"index": 1, "delta": {"role": "assistant", "content": None}}]}),
        chunk(1, "4", **listed(-0.5)),
        chunk(0, "1", **listed(-0.25)),
        chunk(1, "2", **listed(-1.5)),
        chunk(0, "7", "length"),
        usage(3),
        chunk(1, "", "stop"),
        usage(2),
    ]
    with FakeServer(stream(*events)) as server:
        answer = await model_at(server.url).complete(ASK, NUMBER, samples=2, max_tokens=3)
        assert server.requests[0]["stream"] is True
    first, second = answer.candidates
    assert (first.text, first.value, first.logprob) == ("17", None, -0.25)
    assert first.fault is not None
    assert first.fault.code == "R2C-L024"
    assert (second.text, second.value, second.logprob) == ("42", 42, -1.0)
    assert answer.usage.completion_tokens == 5
    assert (answer.usage.prompt_tokens, answer.usage.cached_tokens) == (30, 24)


async def test_listed_tokens_win_over_a_report_that_counts_one_choice_only() -> None:
    usage = {
        "prompt_tokens": 30,
        "completion_tokens": 4,
        "total_tokens": 34,
        "prompt_tokens_details": {"cached_tokens": 24},
    }
    with FakeServer(completion("1", "2", "3", logprobs=True, usage=usage)) as server:
        answer = await model_at(server.url).complete(ASK, NUMBER, samples=3, max_tokens=5)
    assert answer.usage.completion_tokens == 12
    assert (answer.usage.prompt_tokens, answer.usage.cached_tokens) == (30, 24)
    assert not answer.usage.estimated
    assert [candidate.logprob for candidate in answer.candidates] == [-0.5] * 3


async def test_an_endpoint_that_does_not_count_is_estimated_and_says_so() -> None:
    with FakeServer(completion("1" * 30)) as server:
        model = model_at(server.url, logprobs=False)
        answer: Reply[str] = await model.complete(ASK, None, max_tokens=50)
    assert answer.usage.estimated
    assert answer.usage.completion_tokens >= 10
    assert answer.usage.prompt_tokens >= 3
    assert answer.candidates[0].logprob is None


async def test_zero_samples_are_a_mistake_of_the_caller() -> None:
    with FakeServer(completion("1")) as server, pytest.raises(ValueError, match="one sample"):
        await model_at(server.url).complete(ASK, NUMBER, samples=0, max_tokens=5)


async def test_half_a_character_is_replaced_and_two_halves_are_joined() -> None:
    with FakeServer(completion("a\ud800", "\ud83d\ude00")) as server:
        reply: Reply[str] = await model_at(server.url).complete(ASK, None, samples=2, max_tokens=5)
    assert [candidate.text for candidate in reply.candidates] == ["a\ufffd", "\U0001f600"]


@pytest.mark.parametrize(
    "pieces",
    [
        [chunk([1], "4"), chunk([1], "2", "stop")],
        [chunk(0, "4", logprobs="no"), chunk(0, "2", "stop")],
        [chunk(0, "4", usage=7), chunk(0, "2", "stop", logprobs={"content": "no"})],
    ],
)
async def test_nonsense_beside_the_text_of_a_stream_does_no_harm(pieces: list[str]) -> None:
    usage = [
        json.dumps({"usage": {"completion_tokens": said}, "choices": []}) for said in (None, 4)
    ]
    with FakeServer(stream(*pieces, *usage)) as server:
        reply = await model_at(server.url).complete(ASK, NUMBER, max_tokens=5)
    assert reply.values == (42,)


async def test_a_negative_count_of_tokens_is_no_count() -> None:
    told = {"usage": {"prompt_tokens": -300, "completion_tokens": 2}}
    with FakeServer(completion("12", **told)) as server:
        reply = await model_at(server.url, kind="vllm").complete(ASK, NUMBER, max_tokens=5)
    assert reply.usage.prompt_tokens > 0 and reply.usage.estimated
