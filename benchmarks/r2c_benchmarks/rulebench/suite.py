"""Suites: fixed lists of problems that anybody can make again from their names.

A problem counts only if every rule of it matters with some of its numbers, so that a formulation
without the rule is seen to be wrong.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from r2c.errors import InputError, declare
from r2c_benchmarks.rulebench.item import RuleBenchItem, item
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import LEVELS

OTHER_SUITE = declare(
    "R2C-B099",
    InputError,
    what="What was made is not the suite {suite}: its hash is {found}, not {wanted}.",
    why="A story, a frame or the maker has changed since; results over them cannot be compared.",
    remedy="Make it with the commit that results were measured on, or give the suite another name.",
)

NEWEST = "v2"
"""The suite that results are told of."""
KINDS = (
    "infeasible",
    "ambiguous",
    "unsupported",
    "incomplete",
    "unbounded",
    "ambiguous",
    "infeasible",
    "incomplete",
    "indivisible",
    "unsupported",
)
"""The troubles among sixty problems of a level; the others have an optimum."""
PER_LEVEL = 60
DIGEST = "782074d263a96b4a"
"""What `digest` gives for the 300 problems of the newest suite."""
FIRST = "461e6da66f5e7d08"
"""What it gives for the first problem of each level."""


@dataclass(frozen=True)
class Place:
    """A problem of a suite before it is made."""

    seed: str
    level: int
    kind: str | None


def places(
    per_level: int = PER_LEVEL, levels: Sequence[int] = LEVELS, suite: str = NEWEST
) -> Iterator[Place]:
    """The problems of a suite, a sixth of them without an optimum, at places that tell nothing."""
    for level in levels:
        troubled: list[str | None] = [KINDS[k % len(KINDS)] for k in range(per_level // 6)]
        kinds = troubled + [None] * (per_level - len(troubled))
        Random(f"{suite}/kinds/{level}").shuffle(kinds)
        for number, kind in enumerate(kinds):
            yield Place(f"{number:03}", level, kind)


def problems(
    suite: str, wanted: Sequence[Place], prover: Prover, for_training: bool = False
) -> Iterator[RuleBenchItem]:
    """The problems of a suite, one after the other, perhaps in words that only training data have.

    Raises:
        InputError: R2C-B093.
    """
    for place in wanted:
        yield item(
            suite, place.seed, place.level, prover, kind=place.kind, for_training=for_training
        )


def digest(lines: Iterable[str]) -> str:
    """A hash of what is asked; answers are left out, as their last digits are a solver's.

    Args:
        lines: The problems, a line each.
    """
    told = hashlib.sha256()
    for line in lines:
        asked = json.loads(line)
        for part in (asked, *asked.get("others", ()), *asked.get("readings", ())):
            part.pop("answer", None)
        told.update(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode())
    return told.hexdigest()[:16]
