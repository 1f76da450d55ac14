"""One example of the training data: a conversation and everything that proves it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Literal

from r2c.agents.indexed.archetypes import Shelf
from r2c.agents.written.reader import Written
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.problem.schema import Frozen
from r2c_benchmarks.mutations import mutation, mutations
from r2c_benchmarks.rulebench.make import Made, make
from r2c_benchmarks.rulebench.optimum import Answer, Prover, same_answer
from r2c_benchmarks.rulebench.select import LEVELS
from r2c_benchmarks.synth.conversations import (
    Conversation,
    formulation,
    question,
    read,
    repair,
)
from r2c_benchmarks.synth.lines import Lines, Unsayable, assembled, lines_of

Kind = Literal["formulation", "repair", "question"]

_KINDS: Mapping[Kind, float] = {"formulation": 0.75, "repair": 0.17, "question": 0.08}
_LEVELS: Mapping[int, float] = {1: 0.3, 2: 0.3, 3: 0.22, 4: 0.12, 5: 0.06}
_TRIES = 20


class Example(Frozen):
    """A line of the data; trainers read `messages`, the rest is for checks and for rewards.

    Attributes:
        messages: The conversation.
        status: What the problem comes to.
        optimum: Its proved optimum, if it has one.
        mistake: The kind of mistake that a repair mends.
    """

    id: str
    kind: Kind
    story: str
    level: int
    style: str
    messages: Conversation
    text: str
    tables: Mapping[str, str]
    archetypes: tuple[str, ...]
    status: str
    optimum: float | None
    mistake: str | None = None
    cir: CIR

    def line(self) -> str:
        """One line of JSON, the same for the same example."""
        told = self.model_dump(mode="json", exclude={"cir"})
        told["cir"] = self.cir.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def example(seed: int, number: int, prover: Prover, shelf: Shelf) -> Example | None:
    """The example of a number: the same for everybody who takes the same seed.

    Args:
        seed: the seed of the data.
        number: the number of the example.
        prover: proves answers.
        shelf: the cards.

    Returns:
        None if the lines of a model cannot say the problem, or come to another answer.

    Raises:
        InputError: R2C-B093.
    """
    random = Random(f"synth/{seed}/{number}")
    kind = random.choices(list(_KINDS), list(_KINDS.values()))[0]
    level = random.choices(list(_LEVELS), list(_LEVELS.values()))[0]
    assert level in LEVELS
    name = f"synth-{seed}-{number:06}"
    trouble = "incomplete" if kind == "question" else None
    made = make(name, level, prover, for_training=True, kind=trouble)
    dialect, mistake = read(made, shelf), None
    if kind == "question":
        messages = question(made, dialect)
    else:
        lines = _proved(made, dialect, prover)
        if lines is None:
            return None
        found = _mended(made, dialect, lines, random, prover) if kind == "repair" else None
        kind = "formulation" if found is None else "repair"
        mistake, messages = found or (None, formulation(dialect, lines))
    return Example(
        id=name,
        kind=kind,
        story=made.selection.story.id,
        level=level,
        style=made.style,
        messages=messages,
        text=made.text.words,
        tables=made.text.files,
        archetypes=tuple(sorted({rule.archetype for rule in made.selection.rules})),
        status=made.status,
        optimum=None if made.answer is None else made.answer.objective,
        mistake=mistake,
        cir=made.cir,
    )


def _proved(made: Made, dialect: Written, prover: Prover) -> Lines | None:
    """The lines of a model that mean the problem: read again, they come to its answer."""
    assert made.answer is not None
    try:
        lines = lines_of(made.cir, dialect)
        cir = assembled(lines, dialect)
        found = prover.optimum(cir, made.selection.story.id, dialect.problem)
    except (Unsayable, ValueError, R2CError):
        return None
    return lines if same_answer(found, made.answer) else None


def _mended(
    made: Made, dialect: Written, lines: Lines, random: Random, prover: Prover
) -> tuple[str, Conversation] | None:
    """A mistake that changes the answer, and the conversation that mends it.

    None if none of some tries is one.
    """
    assert made.answer is not None
    for _ in range(_TRIES):
        kind = random.choice(mutations())
        wrong = mutation(kind).mutate(made.cir, random)
        if wrong is None or not _differs(wrong.cir, made, prover, made.answer):
            continue
        try:
            messages = repair(made, dialect, lines, wrong)
        except Unsayable:
            continue
        if messages is not None:
            return kind, messages
    return None


def _differs(wrong: CIR, made: Made, prover: Prover, right: Answer) -> bool:
    try:
        found = prover.optimum(wrong, made.selection.story.id)
    except R2CError:
        return False  # a repair begins from a model that runs
    return not same_answer(found, right)
