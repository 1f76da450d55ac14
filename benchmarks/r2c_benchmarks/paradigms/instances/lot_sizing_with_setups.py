"""Several items that share the hours of one line, with a setup for each item and week."""

from __future__ import annotations

import math

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import choice, labels, least, numbers, rule, table

SIZES = (4, 10, 18)
ITEMS = 4


def instance(size: int, seed: int) -> CIR:
    """`size` weeks and four items.

    The line can do all setups in each week and still keep up with what is due so far.
    """
    random = dice("lot_sizing_with_setups", size, seed)
    items, weeks = range(ITEMS), range(size)
    demand = [[random.choice((0, *range(10, 61, 5))) for _ in weeks] for _ in items]
    hours = [random.randint(2, 6) / 4 for _ in items]
    cleaning = [random.randint(5, 20) for _ in items]
    loads = [sum(cleaning) + sum(hours[k] * demand[k][t] for k in items) for t in weeks]
    room = math.ceil(max(sum(loads[: t + 1]) / (t + 1) for t in weeks))
    return CIR.model_validate(
        {
            "title": "Lots on one line",
            "sets": [labels("Items", "k", ITEMS), numbers("Weeks", 1, size)],
            "parameters": [
                table("demand", ["Items", "Weeks"], demand),
                table("hours", ["Items"], hours),
                table("cleaning", ["Items"], cleaning),
                {"name": "room", "value": room},
                table("most", ["Items"], [math.ceil(room / time) for time in hours]),
                table("price", ["Items"], [random.randint(60, 240) for _ in items]),
                table("holding", ["Items"], [random.randint(1, 4) for _ in items]),
            ],
            "decisions": [
                {
                    "name": "make",
                    "over": ["Items", "Weeks"],
                    "indices": ["k", "t"],
                    "upper": "most[k]",
                },
                choice("setup", "Items", "Weeks"),
            ],
            "rules": [
                rule(
                    "lots",
                    "lot_sizing_with_setups",
                    "for k in Items",
                    make="[make[k,t] for t in Weeks]",
                    setup="[setup[k,t] for t in Weeks]",
                    demand="[demand[k,t] for t in Weeks]",
                    periods="Weeks",
                    charge="price[k]",
                ),
                rule(
                    "line",
                    "capacity_limit",
                    "for t in Weeks",
                    use="sum(hours[k]*make[k,t] + cleaning[k]*setup[k,t] for k in Items)",
                    limit="room",
                ),
            ],
            "objectives": least(
                "sum(holding[k]*(make[k,s] - demand[k,s]) for k in Items for s in Weeks "
                "for t in Weeks if ord(s) <= ord(t))"
            ),
        }
    )
