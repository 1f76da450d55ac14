"""Pieces of a few widths that are cut from rolls of different width and price."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import choice, labels, least, rule, table

SIZES = (4, 9, 13)
SPARE = 2


def instance(size: int, seed: int) -> CIR:
    """`size` rolls; what is ordered has been cut at random from all but two of them."""
    random = dice("cutting_stock", size, seed)
    widths = sorted(random.sample(range(15, 70), 3 + size // 4))
    rolls = [random.randint(100, 160) for _ in range(size)]
    orders = [0] * len(widths)
    for roll in rolls[: size - SPARE]:
        left = roll
        while left >= widths[0]:
            kind = random.choice([k for k, width in enumerate(widths) if width <= left])
            orders[kind] += 1
            left -= widths[kind]
    fit = [
        [min(ordered, roll // width) for roll in rolls]
        for width, ordered in zip(widths, orders, strict=True)
    ]
    price = [round(roll * random.uniform(0.85, 1.15)) for roll in rolls]
    return CIR.model_validate(
        {
            "title": "Rolls to be cut",
            "sets": [labels("Widths", "w", len(widths)), labels("Rolls", "r", size)],
            "parameters": [
                table("width", ["Widths"], widths),
                table("orders", ["Widths"], orders),
                table("roll", ["Rolls"], rolls),
                table("price", ["Rolls"], price),
                table("fit", ["Widths", "Rolls"], fit),
            ],
            "decisions": [
                {
                    "name": "cut",
                    "over": ["Widths", "Rolls"],
                    "indices": ["s", "r"],
                    "domain": "integer",
                    "upper": "fit[s,r]",
                },
                choice("used", "Rolls"),
            ],
            "rules": [
                rule(
                    "cutting",
                    "cutting_stock",
                    cut="cut",
                    used="used",
                    sizes="Widths",
                    stock="Rolls",
                    piece="width",
                    length="roll",
                    demand="orders",
                )
            ],
            "objectives": least("sum(price[r]*used[r] for r in Rolls)"),
        }
    )
