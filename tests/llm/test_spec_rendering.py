"""One spec, four ways to ask for it, and the same value back from each."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from r2c.errors import BudgetError, ErrorKind, Fault, LanguageModelError
from r2c.llm.model import Message
from r2c.llm.render import read, render, unfenced
from r2c.llm.spec import Capability, OutputSpec

TALK = [Message("system", "You name things."), Message("user", "Two of them.\n")]
SCHEMA: dict[str, JsonValue] = {"type": "object", "properties": {"names": {"type": "array"}}}


def from_text(text: str) -> list[str]:
    if "," not in text:
        raise ValueError("no comma")
    return text.split(", ")


def from_json(value: object) -> list[str]:
    if not isinstance(value, dict) or not isinstance(value.get("names"), list):
        raise ValueError("no list 'names'")
    return list(value["names"])


SPEC = OutputSpec("names", 'root ::= "a, b"', SCHEMA, "Names with commas.", from_text, from_json)


def test_llama_cpp_gets_the_grammar_and_the_conversation_as_it_is() -> None:
    rendered = render(TALK, SPEC, Capability.GRAMMAR, "llama.cpp")
    assert rendered.extra_body == {"grammar": SPEC.grammar}
    assert rendered.messages == tuple(TALK)
    assert rendered.response_format is None


def test_vllm_gets_the_grammar_as_a_structured_output() -> None:
    rendered = render(TALK, SPEC, Capability.GRAMMAR, "vllm")
    assert rendered.extra_body == {"structured_outputs": {"grammar": SPEC.grammar}}


def test_an_endpoint_that_takes_no_grammar_is_refused_one() -> None:
    with pytest.raises(LanguageModelError) as caught:
        render(TALK, SPEC, Capability.GRAMMAR, "openai")
    assert caught.value.code == "R2C-L019"


def test_a_schema_goes_into_the_response_format() -> None:
    rendered = render(TALK, SPEC, Capability.JSON_SCHEMA, "openai")
    assert rendered.response_format == {
        "type": "json_schema",
        "json_schema": {"name": "names", "schema": SCHEMA, "strict": True},
    }
    assert "JSON" in rendered.messages[-1].content


def test_where_only_json_can_be_held_the_schema_is_told() -> None:
    rendered = render(TALK, SPEC, Capability.JSON_OBJECT, "openai")
    assert rendered.response_format == {"type": "json_object"}
    assert json.dumps(SCHEMA) in rendered.messages[-1].content


def test_where_nothing_can_be_held_the_instructions_end_the_last_message() -> None:
    rendered = render(TALK, SPEC, Capability.TEXT, "openai")
    assert rendered.messages[0] == TALK[0]
    assert rendered.messages[1].content == "Two of them.\n\nNames with commas."
    assert rendered.response_format is None
    assert rendered.extra_body == {}


@pytest.mark.parametrize(
    ("capability", "text"),
    [
        (Capability.GRAMMAR, "a, b"),
        (Capability.TEXT, "a, b"),
        (Capability.TEXT, "\n a, b\n"),
        (Capability.TEXT, "```text\na, b\n```"),
        (Capability.JSON_SCHEMA, '{"names": ["a", "b"]}'),
        (Capability.JSON_OBJECT, '```json\n{"names": ["a", "b"]}\n```'),
    ],
)
def test_every_form_reads_back_to_the_same_value(capability: Capability, text: str) -> None:
    assert read(SPEC, capability, text, 0) == ["a", "b"]


@pytest.mark.parametrize(
    ("capability", "text", "reason"),
    [
        (Capability.GRAMMAR, "a b", "no comma"),
        (Capability.JSON_SCHEMA, '{"names": ["a"', "delimiter"),
        (Capability.JSON_SCHEMA, '{"nouns": []}', "no list 'names'"),
        (Capability.JSON_OBJECT, '{"names": NaN}', "NaN is not JSON"),
        (Capability.JSON_OBJECT, "[" * 100_000, "too deeply"),
        (Capability.JSON_OBJECT, "", "Expecting value"),
    ],
)
def test_what_does_not_fit_is_a_fault_with_the_readers_reason(
    capability: Capability, text: str, reason: str
) -> None:
    fault = read(SPEC, capability, text, 2)
    assert isinstance(fault, Fault)
    assert fault.code == "R2C-L026"
    assert reason in fault.why
    assert "answer 3" in fault.what


def test_a_coded_error_of_a_reader_stays_what_it_is() -> None:
    kind = ErrorKind("R2C-L199", BudgetError, what="w {x}", why="y", remedy="r")

    def refuse(text: str) -> list[str]:
        raise kind(x=text)

    spec = OutputSpec("names", "", SCHEMA, "", refuse, from_json)
    fault = read(spec, Capability.GRAMMAR, "a", 0)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.what) == ("R2C-L199", "w a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\nx\n```", "x"),
        ("  ```json\nx\ny\n```  \n", "x\ny"),
        ("x", "x"),
        ("Sure:\n```\nx\n```", "Sure:\n```\nx\n```"),
        ("```\nx\n```\nDone.", "```\nx\n```\nDone."),
        ("```\nx\n```\n```\ny\n```", "```\nx\n```\n```\ny\n```"),
        ("```\nx", "```\nx"),
        ("```", "```"),
        ("", ""),
    ],
)
def test_only_one_fence_around_everything_is_taken_off(text: str, expected: str) -> None:
    assert unfenced(text) == expected
