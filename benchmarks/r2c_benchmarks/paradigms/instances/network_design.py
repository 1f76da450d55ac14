"""Goods that go from one town to another over links that have to be built first."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import (
    Part,
    choice,
    distances,
    labels,
    least,
    pairs,
    places,
    rule,
    table,
)

SIZES = (5, 10, 16)
DEGREE = 3

Link = tuple[int, int]


def instance(size: int, seed: int) -> CIR:
    """`size` towns with about three links from each, and as many goods.

    Every good has been sent over links drawn at random, and the links are wide enough for that.
    """
    random = dice("network_design", size, seed)
    links = _links(random, size)
    amount = [random.randint(2, 10) for _ in range(size)]
    ends = [tuple(random.sample(range(size), 2)) for _ in range(size)]
    carried = dict.fromkeys(links, 0)
    supply = [[0] * size for _ in range(size)]
    for good, (origin, target) in enumerate(ends):
        supply[good][origin], supply[good][target] = amount[good], -amount[good]
        for link in _path(random, links, origin, target):
            carried[link] += amount[good]
    usual = sum(amount) / 3
    wide = {link: max(used, round(random.uniform(1, 2) * usual)) for link, used in carried.items()}
    points = places(random, size)
    far = distances(points, points)
    price = {link: round(far[link[0]][link[1]] * random.uniform(3, 7)) + 20 for link in links}
    parameters = [
        table("amount", ["Goods"], amount),
        table("supply", ["Goods", "Towns"], supply),
        table("wide", ["Towns", "Towns"], _square(size, wide)),
        table("price", ["Towns", "Towns"], _square(size, price)),
        table("far", ["Towns", "Towns"], far),
    ]
    return CIR.model_validate({**_words(size, links), "parameters": parameters})


def _words(size: int, links: Sequence[Link]) -> Part:
    """All that is said about the network without numbers."""
    named = [(f"t{a + 1}", f"t{b + 1}") for a, b in links]
    return {
        "title": "A network to be built",
        "sets": [
            labels("Towns", "t", size),
            labels("Goods", "g", size),
            pairs("Links", ["Towns", "Towns"], named),
        ],
        "decisions": [
            {
                "name": "haul",
                "over": ["Goods", "Links"],
                "indices": ["k", "i", "j"],
                "upper": "amount[k]",
            },
            choice("build", "Links"),
        ],
        "rules": [
            rule(
                "built",
                "network_design",
                flow="haul",
                build="build",
                goods="Goods",
                links="Links",
                capacity="[wide[i,j] for (i, j) in Links]",
                charge="[price[i,j] for (i, j) in Links]",
            ),
            rule(
                "through",
                "flow_conservation",
                "for k in Goods for n in Towns",
                inflow="sum(haul[k,i,j] for (i, j) in Links if j == n)",
                outflow="sum(haul[k,i,j] for (i, j) in Links if i == n)",
                supply="supply[k,n]",
            ),
        ],
        "objectives": least("0.2*sum(far[i,j]*haul[k,i,j] for k in Goods for (i, j) in Links)"),
    }


def _links(random: Random, size: int) -> list[Link]:
    """A ring through all towns, so that every one is reached, and links drawn at random."""
    ring = {(town, (town + 1) % size) for town in range(size)}
    others = [(a, b) for a in range(size) for b in range(size) if a != b and (a, b) not in ring]
    return sorted(ring | set(random.sample(others, (DEGREE - 1) * size)))


def _path(random: Random, links: Sequence[Link], origin: int, target: int) -> list[Link]:
    """A way with few links, which of several is left to chance."""
    came: dict[int, Link] = {}
    reached = [origin]
    for town in reached:
        onward = [link for link in links if link[0] == town]
        for link in random.sample(onward, len(onward)):
            if link[1] not in came and link[1] != origin:
                came[link[1]] = link
                reached.append(link[1])
    way: list[Link] = []
    while target != origin:
        way.append(came[target])
        target = came[target][0]
    return way


def _square(size: int, values: dict[Link, int]) -> list[list[int]]:
    return [[values.get((a, b), 0) for b in range(size)] for a in range(size)]
