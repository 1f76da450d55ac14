"""A data sheet: the tables first, then the conditions in full sentences."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from r2c_benchmarks.rulebench.styles import Part, plain, sentence, shuffled, tables
from r2c_benchmarks.rulebench.told import Told

REGISTERS = ("plain",)


def write(told: Told, random: Random) -> Iterator[Part]:
    """Intro, data, conditions, question."""
    yield plain(f"{told.title}\n\n")
    for said in told.intro:
        yield sentence(said)
    yield plain("\n\n")
    yield from tables(told)
    yield plain("\n" if told.sheets else "")
    for said in shuffled(told, random):
        yield sentence(said)
    yield plain("\n\n")
    yield sentence(told.aim, "\n")
