"""The seam between R2C and any language model: one method, typed replies, faults as data.

Transport failures are exceptions with a code (the call gave nothing). A candidate that was cut
off, withheld or unreadable is data with a fault: the caller decides what a bad sample is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from r2c.errors import Fault
from r2c.llm.spec import Capability, OutputSpec

T = TypeVar("T")

Role = Literal["system", "user", "assistant"]
EndpointKind = Literal["llama.cpp", "vllm", "openai", "scripted", "replay"]


@dataclass(frozen=True)
class Message:
    """One turn of the conversation sent to the model."""

    role: Role
    content: str


@dataclass(frozen=True)
class Usage:
    """What a call cost. `calls` counts every request sent, `seconds` is wall time.

    `estimated` is true when the endpoint did not report its tokens and they were estimated
    from the length of the texts.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    seconds: float = 0.0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        """The cost of both."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            self.calls + other.calls,
            self.seconds + other.seconds,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """One sample: the text as the model wrote it and, unless `fault` says why not, its value.

    `logprob` is the mean log-probability of its tokens, where the endpoint gives it.
    """

    text: str
    value: T | None = None
    fault: Fault | None = None
    logprob: float | None = None


@dataclass(frozen=True)
class Reply(Generic[T]):
    """What one call of `LanguageModel.complete` gave: as many candidates as samples asked."""

    candidates: tuple[Candidate[T], ...]
    usage: Usage = field(default_factory=Usage)

    @property
    def readable(self) -> tuple[Candidate[T], ...]:
        """The candidates without a fault, in order."""
        return tuple(candidate for candidate in self.candidates if candidate.fault is None)

    @property
    def values(self) -> tuple[T, ...]:
        """The values of the readable candidates, in order."""
        return tuple(candidate.value for candidate in self.readable if candidate.value is not None)


@dataclass(frozen=True)
class ModelInfo:
    """What is known about the model behind the seam.

    Attributes:
        name: Model name as the endpoint calls it.
        kind: What serves it.
        capability: How it can be held to a format.
        context: Tokens of prompt and completion together; None if the endpoint does not say.
        digest: SHA-256 of the weights; empty where it is not known, as with most endpoints.
        max_samples: Most samples one request can bring; more are split into several requests.
    """

    name: str
    kind: EndpointKind
    capability: Capability
    context: int | None = None
    max_samples: int = 1
    digest: str = ""


class LanguageModel(Protocol):
    """Anything that completes a conversation, held to an `OutputSpec` as far as it can be."""

    @property
    def info(self) -> ModelInfo:
        """What is known about the model; cheap."""
        ...

    async def complete(
        self,
        messages: Sequence[Message],
        spec: OutputSpec[T] | None,
        *,
        samples: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        max_tokens: int,
        deadline: float | None = None,
        purpose: str = "",
    ) -> Reply[T]:
        """Ask for `samples` answers to one conversation.

        Args:
            messages: The conversation; the last one is from the user.
            spec: The form of the answer; None asks for free text (values stay None).
            samples: Independent answers wanted, at least 1.
            temperature: 0 is greedy.
            seed: Makes sampling repeatable where the endpoint supports it.
            max_tokens: Most tokens of one answer.
            deadline: `time.monotonic()` at which the call must have ended; retries included.
            purpose: A short label for traces, such as `rules`; never sent.

        Raises:
            LanguageModelError: the endpoint failed or its reply is not one (R2C-L001 on).
            BudgetError: the deadline passed (R2C-L004).
        """
        ...
