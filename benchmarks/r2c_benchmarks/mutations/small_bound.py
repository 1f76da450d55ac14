"""A decision is limited by a made-up number that was meant to be large enough."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Num
from r2c.cir.schema import CIR
from r2c_benchmarks.mutations import Mutant

_LARGE = (10.0, 100.0, 1000.0)


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Give a decision without a limit one that nobody stated."""
    free = [item for item in cir.decisions if item.upper is None and item.domain != "binary"]
    if not free:
        return None
    item, large = random.choice(free), random.choice(_LARGE)
    limited = item.model_copy(update={"upper": Num(large)})
    decisions = tuple(limited if one is item else one for one in cir.decisions)
    return Mutant(
        cir.model_copy(update={"decisions": decisions}),
        f"Nothing in the text limits {item.meaning or item.name!r} to {large:g}.",
    )
