"""A symbol is taken at the wrong place: the period before, or from there to here."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from r2c.cir.expr import Add, Expr, Item, Name, Neg, Num
from r2c.cir.schema import CIR
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.slips import slips


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Lose the lag of one index, or exchange two indices over the same set."""
    over = {item.name: item.over for item in cir.parameters}
    over |= {item.name: item.over for item in cir.decisions}
    found = slips(cir, lambda expr: _wrong(expr, over))
    if not found:
        return None
    slip = random.choice(found)
    return Mutant(slip.made(), f"An index is not the one that {slip.said} speaks of.", slip.rule)


def _wrong(expr: Expr, over: Mapping[str, tuple[str, ...]]) -> Expr | None:
    if not isinstance(expr, Item):
        return None
    for place, key in enumerate(expr.keys):
        match key:
            case Add((Name() as here, Num() | Neg())):
                return Item(expr.base, (*expr.keys[:place], here, *expr.keys[place + 1 :]))
    sets = over.get(expr.base, ())
    if len(expr.keys) == 2 and len(sets) == 2 and sets[0] == sets[1]:
        return Item(expr.base, expr.keys[::-1])
    return None
