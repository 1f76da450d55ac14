"""Factors by which a rule scales everything that it compares: kilograms on both sides in tonnes."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.derivations import UNIT_FACTORS
from r2c.cir.expr import Compare, Div, Expr, Mul, Name, Num, Text, walk
from r2c.cir.schema import CIR, Rule

_FACTORS = frozenset(factor for factor, *_ in UNIT_FACTORS)


def scales_both(rule: Rule, value: float, cir: CIR) -> bool:
    """Whether a factor between units divides, or multiplies, all sides of a rule alike.

    Then it says in which unit the rule counts, and changes nothing.
    """
    if value not in _FACTORS:
        return False
    sides = list(_sides(rule, frozenset(item.name for item in cir.sets)))
    divided = [any(_divides(node, value) for node in walk(side)) for side in sides]
    multiplied = [any(_multiplies(node, value) for node in walk(side)) for side in sides]
    return len(sides) > 1 and (all(divided) or all(multiplied))


def scales(cir: CIR) -> Iterator[tuple[str, float]]:
    """Rules, as owners of numbers are told, with the factors that scale all of their sides."""
    for rule in cir.rules:
        for value in sorted(_FACTORS):
            if scales_both(rule, value, cir):
                yield f"rule {rule.id!r}", value


def _sides(rule: Rule, sets: frozenset[str]) -> Iterator[Expr]:
    for expr in rule.operands.values():
        for side in expr.args if isinstance(expr, Compare) else (expr,):
            # Words, sets and the names of symbols with their keys left out are no amounts.
            if not isinstance(side, Text) and not (isinstance(side, Name) and side.id in sets):
                yield side


def _divides(node: Expr, value: float) -> bool:
    return isinstance(node, Div) and node.bottom == Num(value)


def _multiplies(node: Expr, value: float) -> bool:
    return isinstance(node, Mul) and Num(value) in node.factors
