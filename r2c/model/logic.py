"""Conditions that are settled while a template is written."""

from __future__ import annotations

from r2c.cir.expr import And, Compare, Expr, Not, Or, Text

TRUE = And(())
FALSE = Or(())


def negated(arg: Expr) -> Expr:
    """The opposite of a condition."""
    return FALSE if arg == TRUE else TRUE if arg == FALSE else Not(arg)


def disjunction(args: list[Expr]) -> Expr:
    """The conditions joined by `or`, as far as that is open."""
    if TRUE in args:
        return TRUE
    kept = tuple(arg for arg in args if arg != FALSE)
    return kept[0] if len(kept) == 1 else Or(kept)


def decided(compare: Expr) -> Expr:
    """Truth of a comparison between two words, else the comparison."""
    match compare:
        case Compare(("==",), (Text(left), Text(right))):
            return TRUE if left == right else FALSE
        case Compare(("!=",), (Text(left), Text(right))):
            return TRUE if left != right else FALSE
    return compare
