"""Rules that hold an amount against one number, whatever archetype says it."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.expr import Compare, CompareOp, Expr, Num, symbols
from r2c.cir.normal import normal
from r2c.cir.schema import CIR, Rule
from r2c.cir.scope import decided

LIMITS: dict[str, tuple[str, str, CompareOp]] = {
    "capacity_limit": ("use", "limit", "<="),
    "minimum_requirement": ("amount", "least", ">="),
    "exact_balance_requirement": ("amount", "target", "=="),
}
"""Archetypes of limits: the roles of the amount and of its bound, and the relation."""
_FLIPPED: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "==": "=="}


@dataclass(frozen=True)
class PlainLimit:
    """`amount op bound`; `value` is the bound if it is a number or a parameter that is one."""

    rule: Rule
    amount: Expr
    op: CompareOp
    bound: Expr
    value: float | None

    @property
    def meant(self) -> Expr:
        """The amount in a form in which equal ones are equal."""
        return normal(self.amount)


def plain_limits(cir: CIR) -> tuple[PlainLimit, ...]:
    """The rules that limit an amount, in their order."""
    found = (_limit(rule, cir) for rule in cir.rules)
    return tuple(item for item in found if item is not None)


def _limit(rule: Rule, cir: CIR) -> PlainLimit | None:
    names = decided(cir)
    if rule.archetype in LIMITS:
        amount, bound, op = LIMITS[rule.archetype]
        if amount not in rule.operands or bound not in rule.operands:
            return None
        left, right = rule.operands[amount], rule.operands[bound]
    else:
        relation = rule.operands.get("relation")
        if not isinstance(relation, Compare) or relation.ops[0] not in _FLIPPED:
            return None
        if len(relation.ops) != 1:
            return None
        (left, right), op = relation.args, relation.ops[0]
        if not symbols(left) & names:
            left, right, op = right, left, _FLIPPED[op]
    if symbols(right) & names or not symbols(left) & names:
        return None
    return PlainLimit(rule, left, op, right, _value(right, cir))


def _value(bound: Expr, cir: CIR) -> float | None:
    if isinstance(bound, Num):
        return bound.value
    names = symbols(bound)
    for item in cir.parameters:
        if {item.name} == names and isinstance(item.value, float | int) and not item.over:
            return float(item.value)
    return None
