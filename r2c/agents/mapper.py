"""The Mapper agent: gives a relation its archetype and puts its parts into the archetype's roles.

Plain relations carry their archetype on their face, so no model is asked: a constant on the right
makes a capacity, a requirement or a balance; a multiple of other decisions makes a share.
"""

from __future__ import annotations

from collections.abc import Iterable

from r2c.cir.expr import Compare, Div, Expr, Mul, Name, Neg, Num, Text, symbols

Operands = dict[str, Expr]

_PLAIN = {
    "<=": ("capacity_limit", "use", "limit"),
    "<": ("capacity_limit", "use", "limit"),
    ">=": ("minimum_requirement", "amount", "least"),
    ">": ("minimum_requirement", "amount", "least"),
    "==": ("exact_balance_requirement", "amount", "target"),
}
_SENSES = {"<=": "at_most", ">=": "at_least", "==": "exactly"}


def map_relation(relation: Compare, decided: Iterable[str]) -> tuple[str, Operands]:
    """The archetype of a relation and its operands.

    Args:
        relation: one comparison, not a chain.
        decided: names that depend on the plan: decisions and measures.
    """
    names = set(decided)
    left, op, right = relation.args[0], relation.ops[0], relation.args[-1]
    if len(relation.ops) == 1 and op in _PLAIN and symbols(left) & names:
        if not symbols(right) & names:
            archetype, amount, limit = _PLAIN[op]
            return archetype, {amount: left, limit: right}
        share = _share_of(right, names)
        if share is not None and op in _SENSES:
            portion, whole = share
            return "ratio_percentage_share", {
                "part": left,
                "whole": whole,
                "share": portion,
                "sense": Text(_SENSES[op]),
            }
    return "linear", {"relation": relation}


def _share_of(expr: Expr, names: set[str]) -> tuple[Expr, Expr] | None:
    """`0.3*(a + b)` as share and whole; a plain amount is a share of 1."""
    match expr:
        case Mul((Num() as portion, whole)) if symbols(whole) & names:
            return portion, whole
        case Div(whole, Num(value)) if symbols(whole) & names and value:
            return Num(1 / value), whole
        case Neg():
            return None
        case Name():
            return Num(1.0), expr
        case _:
            return None
