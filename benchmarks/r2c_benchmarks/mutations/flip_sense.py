"""At most is taken for at least, or the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from r2c.cir.expr import Compare, CompareOp, Name
from r2c.cir.schema import CIR, Rule
from r2c_benchmarks.mutations import Mutant, said, with_rule

_ROLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "capacity_limit": ("minimum_requirement", {"use": "amount", "limit": "least"}),
    "minimum_requirement": ("capacity_limit", {"amount": "use", "least": "limit"}),
}
_WORDS = {"at_most": "at_least", "at_least": "at_most"}
_SIGNS: Mapping[CompareOp, CompareOp] = {"<=": ">=", ">=": "<="}


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Turn one limit around."""
    found = [turned for rule in cir.rules if (turned := _turned(rule)) is not None]
    if not found:
        return None
    rule = random.choice(found)
    return Mutant(
        with_rule(cir, rule),
        f"The side of the limit does not fit the words {said(rule)}.",
        rule.id,
    )


def _turned(rule: Rule) -> Rule | None:
    if rule.archetype in _ROLES:
        archetype, roles = _ROLES[rule.archetype]
        operands = {roles[role]: expr for role, expr in rule.operands.items()}
        return rule.model_copy(update={"archetype": archetype, "operands": operands})
    sense = rule.operands.get("sense")
    if isinstance(sense, Name) and sense.id in _WORDS:
        changed = {**rule.operands, "sense": Name(_WORDS[sense.id])}
        return rule.model_copy(update={"operands": changed})
    relation = rule.operands.get("relation")
    if isinstance(relation, Compare) and len(relation.ops) == 1 and relation.ops[0] in _SIGNS:
        other = Compare((_SIGNS[relation.ops[0]],), relation.args)
        return rule.model_copy(update={"operands": {**rule.operands, "relation": other}})
    return None
