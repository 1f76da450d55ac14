"""What instances are put together from: sets of labels, tables of numbers, rules and places.

The parts are plain data as a CIR is read from; `CIR.model_validate` checks them all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

Part = dict[str, object]
Point = tuple[float, float]


def labels(name: str, prefix: str, count: int) -> Part:
    """A set of labels, `p1` and so on."""
    return {"name": name, "elements": [f"{prefix}{number}" for number in range(1, count + 1)]}


def numbers(name: str, first: int, last: int) -> Part:
    """An ordered set of whole numbers."""
    return {"name": name, "kind": "ordered", "elements": list(range(first, last + 1))}


def pairs(name: str, within: Sequence[str], members: Sequence[tuple[str, str]]) -> Part:
    """A sparse set of pairs."""
    elements = [list(pair) for pair in members]
    return {"name": name, "dim": 2, "within": list(within), "elements": elements}


def table(name: str, over: Sequence[str], values: Sequence[object]) -> Part:
    """A parameter with all its values, nested in the order of the sets."""
    return {"name": name, "over": list(over), "value": {"kind": "dense", "values": values}}


def choice(name: str, *over: str) -> Part:
    """A yes-or-no decision."""
    return {"name": name, "over": list(over), "domain": "binary"}


def rule(id: str, archetype: str, forall: str | None = None, **operands: object) -> Part:
    """A rule; operands are written as in a CIR."""
    return {"id": id, "archetype": archetype, "forall": forall, "operands": operands}


def least(expr: str) -> list[Part]:
    """The objectives of a problem whose cost is to be as low as possible."""
    return [{"sense": "min", "expr": expr}]


def places(random: Random, count: int) -> list[Point]:
    """Points in a square of 100 by 100."""
    return [(random.uniform(0, 100), random.uniform(0, 100)) for _ in range(count)]


def distances(origins: Sequence[Point], targets: Sequence[Point]) -> list[list[int]]:
    """Whole distances from each origin to each target."""
    return [[round(math.dist(origin, target)) for target in targets] for origin in origins]
