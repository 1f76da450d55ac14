"""Right formulations that mistakes are made in: problems with words, and sentences of cards."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.problem.schema import Problem
from r2c.verdict.degenerate import unused_symbols
from r2c_benchmarks.rulebench.make import make
from r2c_benchmarks.rulebench.optimum import Prover, same_answer
from r2c_benchmarks.synth.conversations import read
from r2c_benchmarks.synth.lines import Unsayable, assembled, lines_of

LEVELS = (1, 2, 3, 1, 2, 3, 4, 2, 3, 5)
"""The level of each problem, over and over."""


@dataclass(frozen=True)
class Subject:
    """A problem and a right model of it, with everything that the pipeline knows of both.

    Attributes:
        source: Where the problem comes from.
    """

    id: str
    source: str
    problem: Problem
    cir: CIR


def subject(seed: str, number: int, prover: Prover, shelf: Shelf) -> Subject | None:
    """A problem of RuleBench, as R2C reads it, and the model that its lines mean.

    Args:
        seed: Of the bench; it is used for nothing else.
        number: The number of the problem.
        prover: Proves that the model comes to the right answer.
        shelf: The cards.

    Returns:
        None where the lines of a model cannot say the problem.

    Raises:
        InputError: R2C-B093.
    """
    made = make(f"{seed}/{number}", LEVELS[number % len(LEVELS)], prover)
    assert made.answer is not None
    dialect = read(made, shelf)
    try:
        cir = assembled(lines_of(made.cir, dialect), dialect)
        found = prover.optimum(cir, made.selection.story.id, dialect.problem)
    except (Unsayable, ValueError, R2CError):
        return None
    if made.answer.objective is None or not same_answer(found, made.answer):
        return None
    return Subject(f"{seed}/{number}", made.selection.story.id, dialect.problem, needed(cir))


def card_subject(archetype: str) -> Subject:
    """The tiny instance of a card: a right model that nobody told in words."""
    cir = standard_library()[archetype].instance.cir
    return Subject(f"card/{archetype}", archetype, Problem(text=""), cir)


def needed(cir: CIR) -> CIR:
    """The model without numbers that nothing uses any more.

    Brackets told price by price leave some, and so do mistakes: who forgets a rule forgets its
    numbers as well.
    """
    unused = unused_symbols(cir)[1]
    kept = tuple(item for item in cir.parameters if item.name not in unused)
    return cir.model_copy(update={"parameters": kept})
