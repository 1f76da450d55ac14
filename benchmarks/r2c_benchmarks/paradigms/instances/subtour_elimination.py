"""One round trip from a hub through all stops, some of which must come before others."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import (
    choice,
    distances,
    labels,
    least,
    numbers,
    pairs,
    places,
    rule,
    table,
)

SIZES = (6, 12, 20)


def instance(size: int, seed: int) -> CIR:
    """`size` places, the hub included; the order of the list keeps every demand for an order."""
    random = dice("subtour_elimination", size, seed)
    stops = [f"p{number}" for number in range(1, size)]
    everywhere = ["hub", *stops]
    points = places(random, size)
    # Streets are no straight lines, and one-way streets make one way longer than the other.
    road = [[km and km + random.randint(0, 15) for km in row] for row in distances(points, points)]
    told = sorted(random.sample(range(size - 1), 2 * (size // 6)))
    before = [(stops[a], stops[b]) for a, b in zip(told[::2], told[1::2], strict=True)]
    legs = [(a, b) for a in everywhere for b in everywhere if a != b]
    return CIR.model_validate(
        {
            "title": "A round trip",
            "sets": [
                {"name": "Places", "elements": everywhere},
                {"name": "Hubs", "elements": ["hub"]},
                labels("Stops", "p", size - 1),
                numbers("Turns", 1, size - 1),
                pairs("Legs", ["Places", "Places"], legs),
                pairs("Before", ["Stops", "Stops"], before),
            ],
            "parameters": [table("road", ["Places", "Places"], road)],
            "decisions": [
                choice("goes", "Legs"),
                {
                    "name": "turn",
                    "over": ["Stops"],
                    "domain": "integer",
                    "lower": 1,
                    "upper": size - 1,
                },
            ],
            "rules": [
                rule("all", "visit_each_once", leg="goes", places="Places", stops="Places"),
                rule(
                    "one_trip",
                    "subtour_elimination",
                    leg="goes",
                    places="Places",
                    base="Hubs",
                    number="turn",
                    steps="Turns",
                ),
                rule("sooner", "linear", "for (a, b) in Before", relation="turn[a] + 1 <= turn[b]"),
            ],
            "objectives": least("sum(road[i,j]*goes[i,j] for (i, j) in Legs)"),
        }
    )
