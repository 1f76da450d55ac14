"""What a model is asked to write, said once and in every form an endpoint can be held to.

An `OutputSpec` carries the same content as a context-free grammar, as a JSON Schema and as plain
instructions, with a strict reader for the text form and one for the JSON form. `r2c.llm.render`
picks the form that the endpoint at hand can enforce; the value that comes back is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import JsonValue

T = TypeVar("T")


class Capability(StrEnum):
    """How far an endpoint can be held to a format, strongest first."""

    GRAMMAR = "grammar"
    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"


@dataclass(frozen=True)
class OutputSpec(Generic[T]):
    """The typed form of an answer.

    Attributes:
        name: Letters, digits, `_` and `-`, at most 64 (the limits of the OpenAI API).
        grammar: GBNF with the start symbol `root`.
        schema: JSON Schema of the same content; its top level is an object.
        instructions: The text form in words, for endpoints that cannot be held to a format.
        read: Text form to value; raises ValueError (or a coded error) when it does not fit.
        read_json: JSON form to value; raises ValueError (or a coded error) likewise.
    """

    name: str
    grammar: str
    schema: Mapping[str, JsonValue]
    instructions: str
    read: Callable[[str], T] = field(repr=False)
    read_json: Callable[[JsonValue], T] = field(repr=False)
