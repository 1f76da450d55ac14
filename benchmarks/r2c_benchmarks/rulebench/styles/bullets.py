"""Notes: a line for each point."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from r2c_benchmarks.rulebench.styles import Part, plain, sentence, shuffled, tables
from r2c_benchmarks.rulebench.told import Told

REGISTERS = ("terse", "plain")


def write(told: Told, random: Random) -> Iterator[Part]:
    """Situation, rules and remarks as lists, data, goal."""
    yield plain(f"# {told.title}\n\n## Situation\n\n")
    for said in told.intro:
        yield sentence(said)
    yield plain("\n\n## Rules\n\n")
    for said in shuffled(told, random):
        yield plain("- ")
        yield (*said.pieces, "\n"), said.rule
    if told.sheets:
        yield plain("\n## Data\n\n")
        yield from tables(told)
    yield plain("\n## Goal\n\n")
    yield sentence(told.aim, "\n")
