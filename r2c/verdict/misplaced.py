"""Rules that fill, loop, convert, sum or turn something against their words, check by check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.schema import CIR
from r2c.problem.schema import Problem
from r2c.verdict import (
    conversions,
    left_out,
    money,
    operands,
    scope,
    sides,
    subjects,
    told_units,
    unused_measures,
)
from r2c.verdict.sources import Drawn


@dataclass(frozen=True)
class Misplaced:
    """What one check has against one rule, or another `owner` of numbers, by its name."""

    check: str
    owner: str
    message: str


def misplaced(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn
) -> Iterator[Misplaced]:
    """All that the checks find which hold a single rule against its words.

    Args:
        problem: The text and tables.
        cir: The model.
        library: The cards.
        source: What the model draws on.
    """
    traced = source.traced
    found = {
        operands.NAME: operands.conflicts(problem, cir, library),
        scope.NAME: scope.conflicts(problem, cir),
        subjects.NAME: subjects.conflicts(problem, cir, library),
        left_out.NAME: left_out.conflicts(problem, cir),
        conversions.NAME: conversions.conflicts(problem, traced),
        told_units.NAME: told_units.conflicts(problem, traced),
        sides.NAME: sides.conflicts(problem, cir, library)[0].items(),
        money.NAME: money.conflicts(problem, traced, library)[0].items(),
        unused_measures.NAME: unused_measures.conflicts(cir, library),
    }
    for check, told in found.items():
        for owner, message in told:
            yield Misplaced(check, owner, message)
