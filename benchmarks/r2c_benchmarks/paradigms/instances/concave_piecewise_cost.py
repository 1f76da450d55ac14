"""Plants whose cost at a few loads is known, and customers that any of them may supply."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import distances, labels, least, numbers, places, rule, table

SIZES = (5, 15, 30)
POINTS = 5


def instance(size: int, seed: int) -> CIR:
    """`size` plants and twice as many customers; the plants could make twice what is ordered."""
    random = dice("concave_piecewise_cost", size, seed)
    customers = range(2 * size)
    orders = [random.randint(10, 40) for _ in customers]
    share = 2 * sum(orders) / size / (POINTS - 1)
    steps = [
        [0, *(round(share * random.uniform(0.9, 1.3)) + 1 for _ in range(POINTS - 1))]
        for _ in range(size)
    ]
    return CIR.model_validate(
        {
            "title": "Plants with measured costs",
            "sets": [
                labels("Plants", "p", size),
                labels("Customers", "c", len(customers)),
                numbers("Points", 1, POINTS),
            ],
            "parameters": [
                table("orders", ["Customers"], orders),
                table("volume", ["Plants", "Points"], [list(accumulate(row)) for row in steps]),
                table("total", ["Plants", "Points"], [_totals(random, row) for row in steps]),
                table(
                    "freight",
                    ["Plants", "Customers"],
                    distances(places(random, size), places(random, len(customers))),
                ),
            ],
            "decisions": [
                {
                    "name": "ship",
                    "over": ["Plants", "Customers"],
                    "indices": ["p", "c"],
                    "upper": "orders[c]",
                }
            ],
            "rules": [
                {
                    **rule(
                        "running",
                        "concave_piecewise_cost",
                        "for p in Plants",
                        amount="sum(ship[p,c] for c in Customers)",
                        points="Points",
                        volume="[volume[p,k] for k in Points]",
                        total="[total[p,k] for k in Points]",
                    ),
                    "outputs": {"bill": "running_cost"},
                },
                rule(
                    "ordered",
                    "minimum_requirement",
                    "for c in Customers",
                    amount="sum(ship[p,c] for p in Plants)",
                    least="orders[c]",
                ),
            ],
            "objectives": least(
                "sum(running_cost[p] for p in Plants) "
                "+ 0.25*sum(freight[p,c]*ship[p,c] for p in Plants for c in Customers)"
            ),
        }
    )


def _totals(random: Random, steps: list[int]) -> list[int]:
    """The cost at each point: dear first units, then cheaper ones, and at times a dear stretch."""
    slopes = [random.uniform(18, 30) / (1 + 0.8 * k) for k in range(POINTS - 1)]
    if random.random() < 0.3:
        slopes[-1] *= 3
    costs = [slope * step for slope, step in zip(slopes, steps[1:], strict=True)]
    return [round(cost) for cost in accumulate([0.0, *costs])]
