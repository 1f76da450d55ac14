"""A question with the answers that it takes, what each of them changes, and the answer given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from r2c.cir.edits import Edit, with_number
from r2c.cir.schema import Question
from r2c.problem.schema import Frozen


class Option(Frozen):
    """One answer to a question of choice, and what the plan is worth under it."""

    value: str
    meaning: str
    edits: tuple[Edit, ...] = ()
    outcome: str | None = Field(default=None, description="What solving gave; None: not solved.")
    objective: float | None = None


class Asked(Question):
    """A question that code can act upon.

    `quotes` are the sentences that it is about, `reason` says why the default is one.
    A `choice` takes the value of one of its `options`, a `number` any number between `lower` and
    `upper` in `unit`; `edits` are done with that number. A question of `words` is only recorded,
    one of `data` takes no answer: a file is to be given, or the model to be corrected.
    `answer` is what was answered last, `earlier` what was answered before that; it is `missed` if
    the model holds nothing that it would change.
    """

    kind: Literal["choice", "number", "words", "data"] = "words"
    options: tuple[Option, ...] = ()
    unit: str | None = None
    lower: float | None = None
    upper: float | None = None
    edits: tuple[Edit, ...] = ()
    quotes: tuple[str, ...] = ()
    reason: str = ""
    earlier: tuple[str, ...] = ()
    missed: bool = False

    @property
    def open(self) -> bool:
        """Whether there is neither an answer nor a default."""
        return self.answer is None and self.default is None

    @property
    def taken(self) -> str | None:
        """What holds: the answer, else the default."""
        return self.default if self.answer is None else self.answer

    def effect(self) -> tuple[Edit, ...]:
        """What the answer or the default changes; nothing while the question is open."""
        value = self.taken
        if value is None or self.kind in ("words", "data"):
            return ()
        if self.kind == "choice":
            return next((item.edits for item in self.options if item.value == value), ())
        written = f"{value} {self.unit}" if self.unit else value
        amount = float(value.split()[0])
        return tuple(with_number(edit, amount, written) for edit in self.edits)

    def record(self) -> Question:
        """What a CIR keeps of it."""
        return Question(
            id=self.id,
            text=self.text,
            default=self.default,
            consequence=self.consequence,
            about=self.about,
            answer=self.answer,
        )


def effects(questions: Sequence[Asked]) -> tuple[tuple[str, Edit], ...]:
    """Everything that answers and defaults change, each with the id of its question."""
    return tuple((item.id, edit) for item in questions for edit in item.effect())


def marked(questions: Sequence[Asked], missed: Sequence[str]) -> tuple[Asked, ...]:
    """The questions, those whose answer found nothing to change marked."""
    return tuple(item.model_copy(update={"missed": item.id in missed}) for item in questions)
