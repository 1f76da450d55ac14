"""A memorandum: a head, paragraphs of a few sentences, the tables, the task."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from r2c_benchmarks.rulebench.styles import Part, plain, sentence, shuffled, tables
from r2c_benchmarks.rulebench.told import Told

REGISTERS = ("formal", "plain")


def write(told: Told, random: Random) -> Iterator[Part]:
    """Background, conditions in paragraphs, data, task."""
    yield plain(f"MEMORANDUM\nSubject: {told.title}\n\n")
    for said in told.intro:
        yield sentence(said)
    yield plain("\n\n")
    left = 0
    for said in shuffled(told, random):
        if left == 0:
            left = random.randint(2, 4)
        left -= 1
        yield sentence(said, " " if left else "\n\n")
    yield plain("\n\n" if left else "")
    yield from tables(told)
    yield plain("\n" if told.sheets else "")
    yield sentence(told.aim, "\n")
