"""Candidates and cost out of one chat completion, whatever the endpoint put into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from r2c.errors import Fault
from r2c.llm.classify import Failure, Target
from r2c.llm.failures import (
    CUT_OFF,
    NO_CHOICES,
    NO_CONTENT,
    NOT_A_COMPLETION,
    WITHHELD,
)
from r2c.llm.model import Candidate, Message, Usage
from r2c.llm.render import read
from r2c.llm.spec import Capability, OutputSpec

T = TypeVar("T")

CHARACTERS_PER_TOKEN = 3.0
"""For endpoints that do not count; low, so that an estimate rather spends a budget early."""


@dataclass(frozen=True)
class Sample:
    """One choice as it came: its text, why it ended, its tokens if they were listed."""

    text: str
    fault: Fault | None
    logprob: float | None
    tokens: int | None


def check_body(body: object, target: Target) -> Failure | None:
    """Whether a reply with status 200 is a chat completion; the failure if it is not."""
    if isinstance(body, Mapping) and isinstance(body.get("choices"), list):
        return None if body["choices"] else Failure(NO_CHOICES(url=target.url), passing=True)
    # A web page comes as text; some proxies send their errors with status 200.
    said = target.said(body if isinstance(body, str) else repr(body))
    return Failure(NOT_A_COMPLETION(url=target.url, said=said), passing=True)


def samples_of(body: Mapping[str, Any], *, max_tokens: int, first: int) -> list[Sample]:
    """The choices of a checked reply, in the order of their index.

    Args:
        body: A reply that `check_body` let pass.
        max_tokens: The limit the request was sent with, for the message of a cut answer.
        first: Position of the first among all samples of the call, for messages.
    """
    choices = [item if isinstance(item, Mapping) else {} for item in body["choices"]]
    ordered = sorted(choices, key=_index)
    return [_sample(choice, max_tokens, first + place) for place, choice in enumerate(ordered)]


def _index(choice: Mapping[str, Any]) -> int:
    index = choice.get("index")
    return index if isinstance(index, int) else 0


def _sample(choice: Mapping[str, Any], max_tokens: int, index: int) -> Sample:
    message = choice.get("message")
    message = message if isinstance(message, Mapping) else {}
    content = message.get("content")
    text = well_formed(content) if isinstance(content, str) else ""
    ended = choice.get("finish_reason")
    fault: Fault | None = None
    if ended == "content_filter":
        fault = WITHHELD.fault(index=index + 1)
    elif ended == "length":
        fault = CUT_OFF.fault(index=index + 1, max_tokens=max_tokens)
    elif not text:
        refusal = message.get("refusal")
        reason = f"The model refused: {refusal!r}" if refusal else "The field 'content' is empty"
        fault = NO_CONTENT.fault(index=index + 1, reason=reason)
    values = _logprobs(choice)
    mean = sum(values) / len(values) if values else None
    return Sample(text, fault, mean, len(values) if values else None)


def well_formed(text: str) -> str:
    """The text with half characters joined, or replaced where the other half is missing.

    JSON may escape a lone surrogate; no file and no terminal takes one.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _logprobs(choice: Mapping[str, Any]) -> list[float]:
    given = choice.get("logprobs")
    listed = given.get("content") if isinstance(given, Mapping) else None
    tokens = listed if isinstance(listed, list) else []
    values = [token.get("logprob") for token in tokens if isinstance(token, Mapping)]
    return [float(value) for value in values if isinstance(value, int | float)]


def candidate(
    sample: Sample, spec: OutputSpec[T] | None, capability: Capability, index: int
) -> Candidate[T]:
    """The sample read by the spec; without a spec it stays text."""
    plain: Candidate[T] = Candidate(sample.text, None, sample.fault, sample.logprob)
    if spec is None or sample.fault is not None:
        return plain
    value = read(spec, capability, sample.text, index)
    if isinstance(value, Fault):
        return replace(plain, fault=value)
    return replace(plain, value=value)


def usage_of(
    body: Mapping[str, Any], samples: Sequence[Sample], messages: Sequence[Message]
) -> Usage:
    """The tokens of one reply: as reported, as listed, or estimated from the texts.

    Some servers report one choice only, whatever `n` was, so the tokens that came listed win.
    """
    told = body.get("usage")
    told = told if isinstance(told, Mapping) else {}
    details = told.get("prompt_tokens_details")
    cached = _count(details, "cached_tokens") or 0
    prompt = _count(told, "prompt_tokens")
    completion = _count(told, "completion_tokens")
    listed = sum(sample.tokens or 0 for sample in samples)
    if prompt is not None and completion is not None:
        return Usage(prompt, cached, max(completion, listed))
    characters = sum(len(message.content) for message in messages)
    written = sum(len(sample.text) for sample in samples)
    return Usage(_tokens(characters), 0, max(listed, _tokens(written)), estimated=True)


def _count(told: object, name: str) -> int | None:
    value = told.get(name) if isinstance(told, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _tokens(characters: int) -> int:
    return int(characters / CHARACTERS_PER_TOKEN) + 1
