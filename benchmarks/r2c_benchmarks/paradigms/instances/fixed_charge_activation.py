"""Lines that are hired at a fixed charge, each able to make every product at its own pace."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import labels, least, rule, table

SIZES = (6, 15, 26)


def instance(size: int, seed: int) -> CIR:
    """`size` lines and twice as many products.

    Each line has room for more than its even share of all products, so hiring all is feasible.
    """
    random = dice("fixed_charge_activation", size, seed)
    products = range(2 * size)
    orders = [random.randint(20, 60) for _ in products]
    hours = [[random.randint(4, 12) / 8 for _ in products] for _ in range(size)]
    needed = [sum(a * b for a, b in zip(line, orders, strict=True)) for line in hours]
    room = [round(need / size * random.uniform(2.5, 4.5)) for need in needed]
    hire = [round(free * random.uniform(2, 4)) for free in room]
    cost = [[random.randint(2, 9) for _ in products] for _ in range(size)]
    return CIR.model_validate(
        {
            "title": "Hired lines",
            "sets": [labels("Lines", "l", size), labels("Products", "p", len(products))],
            "parameters": [
                table("orders", ["Products"], orders),
                table("hours", ["Lines", "Products"], hours),
                table("room", ["Lines"], room),
                table("hire", ["Lines"], hire),
                table("cost", ["Lines", "Products"], cost),
            ],
            "decisions": [
                {
                    "name": "make",
                    "over": ["Lines", "Products"],
                    "indices": ["l", "p"],
                    "upper": "orders[p]",
                }
            ],
            "rules": [
                rule(
                    "hired",
                    "fixed_charge_activation",
                    "for l in Lines",
                    activities="[make[l,p] for p in Products]",
                    charge="hire[l]",
                ),
                rule(
                    "time",
                    "capacity_limit",
                    "for l in Lines",
                    use="sum(hours[l,p]*make[l,p] for p in Products)",
                    limit="room[l]",
                ),
                rule(
                    "ordered",
                    "minimum_requirement",
                    "for p in Products",
                    amount="sum(make[l,p] for l in Lines)",
                    least="orders[p]",
                ),
            ],
            "objectives": least("sum(cost[l,p]*make[l,p] for l in Lines for p in Products)"),
        }
    )
