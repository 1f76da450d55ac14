"""Two roles of an archetype are filled the wrong way round."""

from __future__ import annotations

from itertools import combinations
from random import Random

from r2c.cir.schema import CIR
from r2c_benchmarks.mutations import Mutant, said, with_rule


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Exchange what fills two roles of one rule."""
    places = [
        (rule, one, other)
        for rule in cir.rules
        for one, other in combinations(sorted(rule.operands), 2)
        if rule.operands[one] != rule.operands[other]
    ]
    if not places:
        return None
    rule, one, other = random.choice(places)
    swapped = {**rule.operands, one: rule.operands[other], other: rule.operands[one]}
    return Mutant(
        with_rule(cir, rule.model_copy(update={"operands": swapped})),
        f"{one!r} and {other!r} of the rule for {said(rule)} stand in each other's place.",
        rule.id,
    )
