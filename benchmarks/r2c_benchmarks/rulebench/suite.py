"""Suites: fixed lists of problems that anybody can make again from their names.

A problem counts only if every rule of it matters with some of its numbers, so that a formulation
without the rule is seen to be wrong.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from r2c.errors import InputError, declare
from r2c_benchmarks.rulebench.item import RuleBenchItem, item
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import LEVELS

OTHER_V1 = declare(
    "R2C-B099",
    InputError,
    what="The problems made are not those of the suite v1: their hash is {found}, not {wanted}.",
    why="A story, a frame or the maker has changed since; results over them cannot be compared.",
    remedy="Make v1 with the commit that results were measured on, or give the suite another name.",
)

KINDS: Sequence[str | None] = (
    *(["infeasible"] * 2),
    *(["incomplete"] * 2),
    "unbounded",
    "unsupported",
)
"""The troubles among sixty problems of a level; the others have an optimum."""
PER_LEVEL = 60
V1_DIGEST = "095f7776a5acc99a"
"""What `digest` gives for the suite `v1` of 300 problems."""
V1_FIRST = "e36a61187039e845"
"""What it gives for the first problem of each level."""


@dataclass(frozen=True)
class Place:
    """A problem of a suite before it is made."""

    seed: str
    level: int
    kind: str | None


def places(per_level: int = PER_LEVEL, levels: Sequence[int] = LEVELS) -> Iterator[Place]:
    """The problems of a suite, every tenth of them without an optimum."""
    for level in levels:
        for number in range(per_level):
            troubled = number % 10 == 9
            kind = KINDS[number // 10 % len(KINDS)] if troubled else None
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
        for part in (asked, *asked.get("others", ())):
            part.pop("answer", None)
        told.update(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode())
    return told.hexdigest()[:16]
