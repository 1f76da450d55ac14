"""An output spec as request fields, by what the endpoint can be held to, and its way back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn, TypeVar

from pydantic import JsonValue

from r2c.errors import Fault, R2CError
from r2c.llm.failures import FORMAT_UNSUPPORTED, UNREADABLE
from r2c.llm.model import EndpointKind, Message
from r2c.llm.spec import Capability, OutputSpec

T = TypeVar("T")


@dataclass(frozen=True)
class Rendered:
    """What a spec adds to a chat request.

    Attributes:
        messages: The conversation, its last message extended where the form must be told.
        response_format: The standard field of that name, if used.
        extra_body: Fields outside the standard API (grammars), merged into the request.
    """

    messages: tuple[Message, ...]
    response_format: Mapping[str, JsonValue] | None = None
    extra_body: Mapping[str, JsonValue] = field(default_factory=dict)


def render(
    messages: Sequence[Message],
    spec: OutputSpec[T] | None,
    capability: Capability,
    kind: EndpointKind,
) -> Rendered:
    """The request fields that hold an endpoint to `spec`.

    Raises:
        LanguageModelError: R2C-L019, a grammar asked of an endpoint that takes none.
    """
    if spec is None:
        return Rendered(tuple(messages))
    match capability:
        case Capability.GRAMMAR:
            return Rendered(tuple(messages), extra_body=_grammar_fields(spec.grammar, kind))
        case Capability.JSON_SCHEMA:
            told = "Write the answer as one JSON object of the required schema."
            schema: dict[str, JsonValue] = {
                "name": spec.name,
                "schema": dict(spec.schema),
                "strict": True,
            }
            return Rendered(_told(messages, told), {"type": "json_schema", "json_schema": schema})
        case Capability.JSON_OBJECT:
            told = "Write the answer as one JSON object that fits this JSON Schema:\n" + json.dumps(
                spec.schema, ensure_ascii=False
            )
            return Rendered(_told(messages, told), {"type": "json_object"})
        case Capability.TEXT:
            return Rendered(_told(messages, spec.instructions))


def read(spec: OutputSpec[T], capability: Capability, text: str, index: int) -> T | Fault:
    """The value of the answer `text`, or the fault that says why it has none.

    Args:
        spec: The form asked for.
        capability: The one the request was rendered with.
        text: The answer as it came.
        index: Position among the samples, for the message.
    """
    try:
        match capability:
            case Capability.GRAMMAR:
                return spec.read(text)
            case Capability.TEXT:
                return spec.read(unfenced(text))
            case Capability.JSON_SCHEMA | Capability.JSON_OBJECT:
                return spec.read_json(json.loads(unfenced(text), parse_constant=_not_json))
    except R2CError as error:
        return error.fault
    except RecursionError:
        return UNREADABLE.fault(index=index + 1, spec=spec.name, reason="it nests too deeply")
    except ValueError as error:
        reason = " ".join(str(error).split())[:300].rstrip(".")
        return UNREADABLE.fault(index=index + 1, spec=spec.name, reason=reason or "no reason given")


def unfenced(text: str) -> str:
    """`text` without the one Markdown fence around all of it, if there is exactly that.

    Text before or after a fence, or a second fence, stays: then the answer is not what was asked
    for, and its reader says so.
    """
    lines = text.strip().splitlines()
    fences = [number for number, line in enumerate(lines) if line.lstrip().startswith("```")]
    if len(lines) >= 2 and fences == [0, len(lines) - 1] and lines[-1].strip() == "```":
        return "\n".join(lines[1:-1])
    return text.strip()


def _told(messages: Sequence[Message], told: str) -> tuple[Message, ...]:
    *before, last = messages
    return (*before, replace(last, content=f"{last.content.rstrip()}\n\n{told}"))


def _grammar_fields(grammar: str, kind: EndpointKind) -> dict[str, JsonValue]:
    match kind:
        case "llama.cpp":
            return {"grammar": grammar}
        case "vllm":
            return {"structured_outputs": {"grammar": grammar}}
        case _:
            raise FORMAT_UNSUPPORTED(capability=Capability.GRAMMAR.value, kind=kind)


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
