"""A rule is forgotten."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Item, Name
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, Rule
from r2c_benchmarks.mutations import Mutant, said


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Leave out a rule whose outputs nothing else uses."""
    rules = [rule for rule in cir.rules if not _used_elsewhere(rule, cir)]
    if not rules or len(cir.rules) < 2:
        return None
    lost = random.choice(rules)
    rest = tuple(rule for rule in cir.rules if rule is not lost)
    return Mutant(
        cir.model_copy(update={"rules": rest}),
        f"No rule of the model says what this sentence says: {said(lost)}.",
        lost.id,
    )


def _used_elsewhere(rule: Rule, cir: CIR) -> bool:
    made = set(rule.outputs.values())
    for owner in owners(cir):
        if owner.kind == "rule" and owner.name == rule.id:
            continue
        for node in owner.nodes():
            if isinstance(node, Item) and node.base in made:
                return True
            if isinstance(node, Name) and node.id in made:
                return True
    return False
