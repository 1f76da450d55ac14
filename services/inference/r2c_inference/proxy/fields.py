"""The fields of a request that are passed on; everything else is refused by name.

What goes to a replica is written anew from what was read here, so a request that two parsers would
read in two ways has one reading. Left out on purpose: pictures by address (vLLM would fetch them),
chat templates, prompt embeddings, stored prefixes, logits processors, tools, priorities.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from r2c_inference.proxy.problem import NOT_ALLOWED, NOT_JSON, ProblemError

MOST_ANSWERS = 64
MOST_TOKENS = 32768


class _Listed(BaseModel):
    """Strict: a number in quotes is no number."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)


class TextPart(_Listed):
    """A part of a message; text is the only kind."""

    type: Literal["text"]
    text: str


class Turn(_Listed):
    """One message."""

    role: Literal["system", "user", "assistant"]
    content: str | list[TextPart]


class NamedSchema(_Listed):
    """A JSON Schema and its name."""

    name: str = Field(max_length=64)
    json_schema: dict[str, JsonValue] = Field(alias="schema")
    strict: bool | None = None
    description: str | None = None


class ResponseFormat(_Listed):
    """The standard way to hold an answer to a form."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class Structured(_Listed):
    """vLLM's way to hold an answer to a form."""

    grammar: str | None = None
    regex: str | None = None
    choice: list[str] | None = None
    json_: dict[str, JsonValue] | None = Field(default=None, alias="json")


class StreamOptions(_Listed):
    """Whether a stream ends with what it cost."""

    include_usage: bool


Stop = Annotated[list[str], Field(max_length=16)]


class Sampling(_Listed):
    """How the answers are drawn; the same on both paths."""

    model: str = Field(min_length=1, max_length=200)
    n: int | None = Field(default=None, ge=1, le=MOST_ANSWERS)
    max_tokens: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=-1)
    min_p: float | None = Field(default=None, ge=0, le=1)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    repetition_penalty: float | None = Field(default=None, gt=0, le=2)
    seed: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    stop: str | Stop | None = None
    ignore_eos: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    response_format: ResponseFormat | None = None
    structured_outputs: Structured | None = None
    user: str | None = Field(default=None, max_length=200)


class ChatRequest(Sampling):
    """A request to /v1/chat/completions."""

    messages: list[Turn] = Field(min_length=1, max_length=1000)
    max_completion_tokens: int | None = Field(default=None, ge=1, le=MOST_TOKENS)
    logprobs: bool | None = None
    top_logprobs: int | None = Field(default=None, ge=0, le=20)

    @property
    def beginning(self) -> str:
        """How the conversation begins, for the replica that may have kept it."""
        return "\n".join(_said(turn)[:2000] for turn in self.messages[:2])


class TextRequest(Sampling):
    """A request to /v1/completions. Prompts are text; token numbers are not taken."""

    prompt: str | Annotated[list[str], Field(min_length=1, max_length=MOST_ANSWERS)]
    logprobs: int | None = Field(default=None, ge=0, le=20)
    echo: bool | None = None

    @property
    def beginning(self) -> str:
        """How the text begins."""
        return (self.prompt if isinstance(self.prompt, str) else self.prompt[0])[:4000]


Completion = ChatRequest | TextRequest
KINDS: dict[str, type[ChatRequest] | type[TextRequest]] = {
    "/v1/chat/completions": ChatRequest,
    "/v1/completions": TextRequest,
}


def checked(path: str, body: bytes) -> Completion:
    """The request, if it holds nothing but what is on the list.

    Raises:
        ProblemError: 400 with R2C-I024 or R2C-I025.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, NOT_JSON(reason=str(error).rstrip("."))) from None
    if not isinstance(value, dict):
        raise ProblemError(400, NOT_JSON(reason=f"It is a {type(value).__name__}")) from None
    try:
        return KINDS[path].model_validate(value)
    except ValidationError as errors:
        first = errors.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        known = first["type"] != "extra_forbidden"
        reason = first["msg"] if known else "it is not on the list"
        raise ProblemError(400, NOT_ALLOWED(field=field, reason=reason)) from None


def written(request: Completion) -> bytes:
    """The request as it goes to a replica: what was given, and nothing else."""
    told = request.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return json.dumps(told).encode("ascii")  # half of a character has no other encoding


def _said(turn: Turn) -> str:
    if isinstance(turn.content, str):
        return turn.content
    return "\n".join(part.text for part in turn.content)
