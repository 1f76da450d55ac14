"""Two numbers over the same set are taken for each other."""

from __future__ import annotations

from random import Random

from r2c.cir.rename import rename
from r2c.cir.schema import CIR
from r2c_benchmarks.mutations import Mutant, said, with_rule


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Use in one rule the number of another."""
    over = {item.name: item.over for item in cir.parameters}
    places = [
        (rule, name, other)
        for rule in cir.rules
        for name in over
        if any(rename(expr, {name: "_"}) != expr for expr in rule.operands.values())
        for other in over
        if other != name and over[other] == over[name] and over[name]
    ]
    if not places:
        return None
    rule, name, other = random.choice(places)
    operands = {role: rename(expr, {name: other}) for role, expr in rule.operands.items()}
    wrong = rule.model_copy(update={"operands": operands})
    return Mutant(
        with_rule(cir, wrong),
        f"The rule for {said(rule)} uses {other!r}, which the words do not speak of.",
        rule.id,
    )
