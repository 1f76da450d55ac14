"""What goes to vLLM is what was read of a request, and nothing is read but what is on the list."""

from __future__ import annotations

import json

import pytest
from proxied import chat
from pydantic import JsonValue

from r2c.llm.dialect import Dialect
from r2c.llm.model import Message
from r2c.llm.render import render
from r2c.llm.spec import Capability, OutputSpec
from r2c_inference.proxy.fields import checked, written
from r2c_inference.proxy.problem import ProblemError

CHAT = "/v1/chat/completions"
PICTURE = {"type": "image_url", "image_url": {"url": "http://10.0.0.1/"}}


def encoded(body: object) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt_embeds", "AAAA"),
        ("chat_template", "{{ x.__class__ }}"),
        ("kv_transfer_params", {"remote_host": "10.0.0.1"}),
        ("vllm_xargs", {"a": 1}),
        ("logits_processors", ["os.system"]),
        ("mm_processor_kwargs", {}),
        ("priority", -5),
        ("cache_salt", "x"),
        ("documents", []),
        ("tools", []),
        ("n", 65),
        ("n", "2"),
        ("n", True),
        ("max_tokens", 10**9),
        ("temperature", -1),
        ("temperature", float("nan")),
        ("stop", ["x"] * 17),
        ("structured_outputs", {"whitespace_pattern": ".*"}),
        ("structured_outputs", {"structural_tag": "{}"}),
        ("response_format", {"type": "structural_tag"}),
        ("messages", [{"role": "user", "content": [PICTURE]}]),
        ("messages", [{"role": "tool", "content": "x"}]),
        ("messages", [{"role": "user", "content": "x", "tool_calls": []}]),
        ("messages", []),
    ],
)
def test_a_field_that_is_not_on_the_list_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ProblemError) as caught:
        checked(CHAT, encoded({**chat(), field: value}))
    assert (caught.value.status, caught.value.fault.code) == (400, "R2C-I025")
    assert field in caught.value.fault.what


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"7", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ProblemError) as caught:
        checked(CHAT, body)
    assert (caught.value.status, caught.value.fault.code) == (400, "R2C-I024")


@pytest.mark.parametrize("capability", list(Capability))
def test_every_request_of_r2c_passes_as_it_is(capability: Capability) -> None:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"a": {"type": "string", "pattern": "^x+$"}},
    }
    spec = OutputSpec("answer", 'root ::= "x"', schema, "Write x.", str, str)
    sent = render([Message("system", "s"), Message("user", "u")], spec, capability, "vllm")
    body: dict[str, object] = {
        "model": "m",
        "messages": [{"role": each.role, "content": each.content} for each in sent.messages],
        **Dialect().fields(n=5, seed=1, temperature=0.7, max_tokens=100),
        **sent.extra_body,
    }
    if sent.response_format is not None:
        body["response_format"] = sent.response_format
    assert json.loads(written(checked(CHAT, encoded(body)))) == body
    other = {**body, "stream": True, "stream_options": {"include_usage": True}}
    assert json.loads(written(checked(CHAT, encoded(other)))) == other


def test_half_a_character_is_passed_on_as_it_was_written() -> None:
    body = b'{"model": "m", "messages": [{"role": "user", "content": "a \\ud83d b"}]}'
    assert json.loads(written(checked(CHAT, body))) == json.loads(body)
