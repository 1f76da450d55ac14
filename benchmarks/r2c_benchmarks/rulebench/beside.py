"""What is told and settles nothing: sentences that fit any business, columns that nobody needs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from random import Random

from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.sheets import Sheet

_COLUMNS = (
    ("clerk", ("MB", "KL", "JT", "?", "not known yet")),
    ("file", ("A-17", "B-04", "C-22", "n/a")),
    ("folder", ("blue", "red", "to follow", "")),
    ("source", ("estimate", "books", "to follow", "last year")),
    ("contact", ("front office", "back office", "not known yet", "?", "")),
    ("entered", ("Mon", "Tue", "Wed", "")),
)
"""Columns and what may stand in them, every second one for training."""
_NEEDLESS = 0.2
"""Share of the tables that have one."""


@cache
def anywhere() -> tuple[str, ...]:
    """The sentences of `beside.txt`, a line each, every second one for training.

    Some look like limits, some speak of roots and powers or of numbers that nobody knows.
    """
    path = files("r2c_benchmarks.rulebench") / "beside.txt"
    return tuple(path.read_text(encoding="utf-8").splitlines())


def with_needless(selection: Selection, sheet: Sheet, random: Random) -> Sheet:
    """The table, perhaps with a last column of words that no rule asks for."""
    if sheet.crossed or random.random() >= _NEEDLESS:
        return sheet
    head, words = random.choice(_COLUMNS[selection.for_training :: 2])
    rows = tuple((*row, random.choice(words)) for row in sheet.rows)
    return replace(sheet, head=(*sheet.head, head), rows=rows)
