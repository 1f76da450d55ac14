"""Candidates and cost out of one chat completion, whatever the endpoint put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from r2c.errors import Fault
from r2c.llm.classify import Failure, Target
from r2c.llm.failures import (
    BROKEN_JSON,
    CUT_OFF,
    NO_CHOICES,
    NO_CONTENT,
    NOT_A_COMPLETION,
    WITHHELD,
)
from r2c.llm.model import Candidate, EndpointKind, Message, Usage
from r2c.llm.render import read
from r2c.llm.spec import Capability, OutputSpec

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion
    from openai.types.chat.chat_completion import Choice

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
    if isinstance(body, str):
        said = target.said(body)
        if body.lstrip().startswith("{"):
            return Failure(BROKEN_JSON(url=target.url, reason=f"It began: {said!r}"), passing=True)
        return Failure(NOT_A_COMPLETION(url=target.url, said=said), passing=True)
    choices = getattr(body, "choices", None)
    if choices is None:
        # Some proxies send their errors with status 200, under the key `error`.
        said = target.said(str(getattr(body, "error", None) or body))
        return Failure(NOT_A_COMPLETION(url=target.url, said=said), passing=True)
    if not isinstance(choices, list) or not choices:
        return Failure(NO_CHOICES(url=target.url), passing=True)
    return None


def samples_of(body: ChatCompletion, *, max_tokens: int, first: int) -> list[Sample]:
    """The choices of a checked reply, in the order of their index.

    Args:
        body: A reply that `check_body` let pass.
        max_tokens: The limit the request was sent with, for the message of a cut answer.
        first: Position of the first among all samples of the call, for messages.
    """
    ordered = sorted(body.choices, key=lambda choice: getattr(choice, "index", 0) or 0)
    return [_sample(choice, max_tokens, first + place) for place, choice in enumerate(ordered)]


def _sample(choice: Choice, max_tokens: int, index: int) -> Sample:
    # The client builds replies without validation: any field may be missing or of another type.
    message = getattr(choice, "message", None)
    content = getattr(message, "content", None)
    ended = getattr(choice, "finish_reason", None)
    text = content if isinstance(content, str) else ""
    fault: Fault | None = None
    if ended == "content_filter":
        fault = WITHHELD.fault(index=index + 1)
    elif ended == "length":
        fault = CUT_OFF.fault(index=index + 1, max_tokens=max_tokens)
    elif not text:
        refusal = getattr(message, "refusal", None)
        reason = f"The model refused: {refusal!r}" if refusal else "The field 'content' is empty"
        fault = NO_CONTENT.fault(index=index + 1, reason=reason)
    values = _logprobs(choice)
    mean = sum(values) / len(values) if values else None
    return Sample(text, fault, mean, len(values) if values else None)


def _logprobs(choice: Choice) -> list[float]:
    listed = getattr(getattr(choice, "logprobs", None), "content", None)
    if not isinstance(listed, list):
        return []
    values = [getattr(token, "logprob", None) for token in listed]
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
    reported: CompletionUsage | None,
    samples: Sequence[Sample],
    messages: Sequence[Message],
    kind: EndpointKind,
) -> Usage:
    """The tokens of one reply.

    llama.cpp reports the completion tokens of one choice only, whatever `n` was, so the tokens
    that came listed win over the report, and without a list the length of the texts decides.
    """
    prompt = getattr(reported, "prompt_tokens", None)
    completion = getattr(reported, "completion_tokens", None)
    details = getattr(reported, "prompt_tokens_details", None)
    cached = getattr(details, "cached_tokens", None) or 0
    listed = [sample.tokens for sample in samples if sample.tokens is not None]
    if isinstance(prompt, int) and isinstance(completion, int) and len(listed) == len(samples):
        return Usage(prompt, cached, max(completion, sum(listed)))
    complete = len(samples) == 1 or kind != "llama.cpp"
    if isinstance(prompt, int) and isinstance(completion, int) and complete:
        return Usage(prompt, cached, completion)
    characters = sum(len(message.content) for message in messages)
    written = sum(len(sample.text) for sample in samples)
    return Usage(
        prompt if isinstance(prompt, int) else _tokens(characters),
        cached,
        max(completion if isinstance(completion, int) else 0, _tokens(written)),
        estimated=True,
    )


def _tokens(characters: int) -> int:
    return int(characters / CHARACTERS_PER_TOKEN) + 1
