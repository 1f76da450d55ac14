"""Parcels that are loaded whole onto vans of different size and price, with few stops each."""

from __future__ import annotations

from random import Random

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import choice, labels, least, rule, table

SIZES = (8, 20, 32)
STOPS = 5
SPARE = 2


def instance(size: int, seed: int) -> CIR:
    """`size` parcels; as many vans as loading one after the other takes, and two more."""
    random = dice("bin_packing", size, seed)
    weight = [random.randint(10, 50) for _ in range(size)]
    room = _vans(random, weight)
    price = [round(free * random.uniform(0.8, 1.2)) for free in room]
    return CIR.model_validate(
        {
            "title": "Parcels onto vans",
            "sets": [labels("Parcels", "p", size), labels("Vans", "v", len(room))],
            "parameters": [
                table("weight", ["Parcels"], weight),
                table("room", ["Vans"], room),
                table("price", ["Vans"], price),
            ],
            "decisions": [choice("put", "Parcels", "Vans"), choice("used", "Vans")],
            "rules": [
                rule(
                    "packing",
                    "bin_packing",
                    put="put",
                    used="used",
                    items="Parcels",
                    bins="Vans",
                    weight="weight",
                    capacity="room",
                ),
                rule(
                    "stops",
                    "capacity_limit",
                    "for v in Vans",
                    use="sum(put[i,v] for i in Parcels)",
                    limit=STOPS,
                ),
            ],
            "objectives": least("sum(price[v]*used[v] for v in Vans)"),
        }
    )


def _vans(random: Random, weight: list[int]) -> list[int]:
    """Vans drawn until all parcels are loaded in the order of their list, and a few to spare."""
    vans = [random.randint(60, 120)]
    load, stops = 0, 0
    for kilos in weight:
        if load + kilos > vans[-1] or stops == STOPS:
            vans.append(random.randint(60, 120))
            load, stops = 0, 0
        load, stops = load + kilos, stops + 1
    return vans + [random.randint(60, 120) for _ in range(SPARE)]
