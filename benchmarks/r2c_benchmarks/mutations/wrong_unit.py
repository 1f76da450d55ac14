"""A number is taken in another unit: minutes for hours, kilograms for tonnes."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Expr, Item, Mul, Name, Num
from r2c.cir.schema import CIR
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.slips import slips

_FACTORS = (Num(60.0), Num(100.0), Num(1000.0))


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Leave out a conversion, or convert a number that needs none."""
    told = {item.name for item in cir.parameters}

    def wrong(expr: Expr) -> Expr | None:
        match expr:
            case Mul(factors) if any(item in _FACTORS for item in factors):
                rest = tuple(item for item in factors if item not in _FACTORS)
                return rest[0] if len(rest) == 1 else Mul(rest) if rest else None
            case Name(name) | Item(name) if name in told:
                return Mul((random.choice(_FACTORS), expr))
            case _:
                return None

    found = slips(cir, wrong)
    if not found:
        return None
    slip = random.choice(found)
    return Mutant(slip.made(), f"A number is in another unit than {slip.said} needs.", slip.rule)
