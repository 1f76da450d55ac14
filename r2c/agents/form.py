"""How a form is put to an endpoint: a grammar, a JSON schema with lines, or plain instructions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import JsonValue

from r2c.llm.spec import OutputSpec

T = TypeVar("T")
NOTHING = "none"
"""What is answered where there is nothing to say."""


def form(name: str, grammar: str, instructions: str, read: Callable[[str], T]) -> OutputSpec[T]:
    """An output that is written line by line.

    Args:
        name: what is asked for.
        grammar: GBNF with the rule `root`.
        instructions: the form in words, for an endpoint that holds to no grammar.
        read: makes a value of the text, or raises ValueError.
    """
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"lines": {"type": "array", "items": {"type": "string"}, "maxItems": 40}},
        "required": ["lines"],
        "additionalProperties": False,
    }

    def read_json(value: JsonValue) -> T:
        lines = value.get("lines") if isinstance(value, dict) else None
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise ValueError("an object with a list of lines is expected")
        return read("\n".join(str(line) for line in lines))

    return OutputSpec(name, grammar, schema, instructions, read, read_json)
