"""A language model that says what a test wrote down: for testing whatever stands on the seam.

The scripted text goes through the real reader of the spec, so a test whose text does not fit the
form gets the fault that a real model would get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from r2c.errors import Fault, LanguageModelError, R2CError, declare
from r2c.llm.model import Candidate, Message, ModelInfo, Reply, Usage
from r2c.llm.render import read, render
from r2c.llm.spec import Capability, OutputSpec

T = TypeVar("T")

NO_ANSWER = declare(
    "R2C-L050",
    LanguageModelError,
    what="The scripted model has no answer for call {number} (purpose {purpose!r}).",
    why="The script holds {written} answers.",
    remedy="Write one more answer, or find out why the code under test asks once more.",
)
WRONG_COUNT = declare(
    "R2C-L051",
    LanguageModelError,
    what="Call {number} (purpose {purpose!r}) wants {wanted} samples; {written} are scripted.",
    why="A list of texts answers a call only with exactly one text a sample.",
    remedy="Write {wanted} texts, or one plain string to give every sample the same.",
)

Answer: TypeAlias = str | Sequence[str] | R2CError
"""One text for all samples, one text a sample, or a coded error to raise."""


@dataclass(frozen=True)
class Call:
    """One call that the model received."""

    messages: tuple[Message, ...]
    spec: str | None
    grammar: str | None
    samples: int
    temperature: float
    seed: int
    max_tokens: int
    deadline: float | None
    purpose: str


class ScriptedModel:
    """A `LanguageModel` that gives written answers and remembers what it was asked.

    ```python
    model = ScriptedModel(["x, y", ["3*x <= 4", "3*x >= 4"], REFUSED(url="...", ...)])
    model = ScriptedModel(lambda call: "x" if call.purpose == "names" else "3*x <= 4")
    ```
    """

    def __init__(
        self,
        answers: Iterable[Answer] | Callable[[Call], Answer],
        *,
        capability: Capability = Capability.GRAMMAR,
        name: str = "scripted",
    ) -> None:
        """Answers come one a call, in order; a callable is asked each time."""
        self.calls: list[Call] = []
        self._rule = answers if callable(answers) else None
        self._written = [] if callable(answers) else list(answers)
        self._info = ModelInfo(name, "scripted", capability, context=32768, max_samples=64)

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._info

    @property
    def unused(self) -> int:
        """Written answers that nobody asked for; a test can claim that it is 0."""
        return 0 if self._rule is not None else max(0, len(self._written) - len(self.calls))

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
        """See `r2c.llm.model.LanguageModel.complete`; also raises R2C-L050 and R2C-L051."""
        # Rendered as for a real endpoint, so that calls show what would be sent.
        sent = render(messages, spec, self._info.capability, "llama.cpp").messages
        call = Call(
            sent,
            spec.name if spec else None,
            spec.grammar if spec else None,
            samples,
            temperature,
            seed,
            max_tokens,
            deadline,
            purpose,
        )
        self.calls.append(call)
        answer = self._answer(call)
        if isinstance(answer, R2CError):
            raise answer
        texts = [answer] * samples if isinstance(answer, str) else list(answer)
        if len(texts) != samples:
            number = len(self.calls)
            raise WRONG_COUNT(number=number, purpose=purpose, wanted=samples, written=len(texts))
        usage = Usage(
            prompt_tokens=sum(len(message.content.split()) for message in sent),
            completion_tokens=sum(len(text.split()) for text in texts),
            calls=1,
            estimated=True,
        )
        return Reply(
            tuple(self._candidate(text, spec, index) for index, text in enumerate(texts)), usage
        )

    def _answer(self, call: Call) -> Answer:
        if self._rule is not None:
            return self._rule(call)
        if len(self.calls) > len(self._written):
            raise NO_ANSWER(
                number=len(self.calls), purpose=call.purpose, written=len(self._written)
            )
        return self._written[len(self.calls) - 1]

    def _candidate(self, text: str, spec: OutputSpec[T] | None, index: int) -> Candidate[T]:
        if spec is None:
            return Candidate(text)
        value = read(spec, self._info.capability, text, index)
        return Candidate(text, fault=value) if isinstance(value, Fault) else Candidate(text, value)
