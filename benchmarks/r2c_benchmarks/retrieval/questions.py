"""Sentences of which it is known what archetype they state.

The sentences were written from the names and meanings of the archetypes alone, without a look at
cues or phrasings, in six styles. Three styles served to choose the method, three were held out; so
did one half of the passages that were marked in public problems. Only their places are kept here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from r2c.archetypes.card import Card
from r2c.errors import InputError, declare

NO_PROBLEM = declare(
    "R2C-B070",
    InputError,
    what="There is no problem {id!r} in {file!r} below {folder!r}.",
    why="A marked passage is kept as its place in a problem, not as text.",
    remedy="Give the folder of the problem files that the passages were marked in.",
)

TUNED = ("memo", "e-mail", "bullet")
HELD_OUT = ("spoken", "contract", "textbook")
SETS = ("styles looked at", "styles held out", "problems looked at", "problems held out")


@dataclass(frozen=True)
class Question:
    """A sentence, and the archetypes that are right answers, the best one first."""

    set: str
    style: str
    text: str
    right: tuple[str, ...]


def sentences() -> Iterator[Question]:
    """The sentences that were written for this."""
    for row in _rows("sentences.jsonl"):
        place = SETS[0] if row["style"] in TUNED else SETS[1]
        yield Question(place, row["style"], row["text"], (row["archetype"], *row["also"]))


def spans(folder: Path) -> Iterator[Question]:
    """The passages of public problems below a folder.

    Raises:
        InputError: R2C-B070.
    """
    for place, file in ((SETS[2], "spans_looked_at.jsonl"), (SETS[3], "spans_held_out.jsonl")):
        for row in _rows(file):
            problem = _problems(folder / row["file"]).get(row["id"])
            if problem is None:
                raise NO_PROBLEM(id=row["id"], file=row["file"], folder=str(folder))
            text = problem[row["start"] : row["end"]]
            style = row["file"].removesuffix(".jsonl")
            yield Question(place, style, text, (row["archetype"], *row["also"]))


def known(questions: Iterator[Question], library: Mapping[str, Card]) -> list[Question]:
    """The questions whose best answer has a card."""
    return [item for item in questions if item.right[0] in library]


def _rows(name: str) -> list[dict[str, Any]]:
    text = files("r2c_benchmarks.retrieval").joinpath("data", name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@cache
def _problems(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["problem"] for row in map(json.loads, lines)}
