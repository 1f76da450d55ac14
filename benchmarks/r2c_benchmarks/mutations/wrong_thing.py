"""A rule speaks of another thing: the limit on wheat becomes one on rye."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Expr, Item, Name, Text, symbols
from r2c.cir.schema import CIR
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.slips import slips


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Put another decision, or another member of its set, where a rule names one."""
    alone = {item.name: item.domain for item in cir.decisions if not item.over}
    members = {item.name: item.elements or () for item in cir.sets}
    over = {item.name: item.over for item in cir.decisions}
    over |= {item.name: item.over for item in cir.parameters}

    def wrong(expr: Expr) -> Expr | None:
        if isinstance(expr, Name) and expr.id in alone:
            others = [name for name in alone if name != expr.id and alone[name] == alone[expr.id]]
            return Name(random.choice(others)) if others else None
        if isinstance(expr, Item) and len(expr.keys) == 1 and isinstance(expr.keys[0], Text):
            sets = over.get(expr.base, ())
            named = members.get(sets[0], ()) if len(sets) == 1 else ()
            others = [str(name) for name in named if str(name) != expr.keys[0].value]
            return Item(expr.base, (Text(random.choice(others)),)) if others else None
        return None

    found = [slip for slip in slips(cir, wrong) if slip.rule is not None and _names_one(slip.right)]
    if not found:
        return None
    slip = random.choice(found)
    return Mutant(slip.made(), f"The words {slip.said} speak of something else.", slip.rule)


def _names_one(right: Expr) -> bool:
    return len(symbols(right)) == 1
