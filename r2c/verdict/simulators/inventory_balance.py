"""A store over time: what comes in and goes out is added up, and compared with the stock told."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.verdict.given import TOLERANCE, Given


def replay(given: Given) -> Iterator[str]:
    """Run through the periods; the store keeps its own count."""
    inflow, outflow, stock = (given.amounts(role) for role in ("inflow", "outflow", "stock"))
    on_hand = moved = given.number("initial")
    for period in given.members("periods"):
        on_hand += inflow(period) - outflow(period)
        moved += abs(inflow(period)) + abs(outflow(period))
        if abs(on_hand - stock(period)) > TOLERANCE * max(1.0, abs(moved)):
            yield f"{on_hand:g} is on hand after {period[0]}, and not {stock(period):g}"
            return
    if given.has("final") and given.number("final") - on_hand > TOLERANCE * max(1.0, abs(moved)):
        yield f"{on_hand:g} is left at the end, less than {given.number('final'):g}"
