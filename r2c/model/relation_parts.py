"""Relations taken apart: amounts that must not exceed 0."""

from __future__ import annotations

from r2c.cir.expr import And, Compare, Expr
from r2c.model.rename import subtract


def relation_parts(relation: Expr) -> tuple[Expr, ...]:
    """Expressions that must not exceed 0 for the relation to hold (`<` is read as `<=`)."""
    if isinstance(relation, And):
        return tuple(part for arg in relation.args for part in relation_parts(arg))
    if not isinstance(relation, Compare):
        raise TypeError(f"not a relation: {relation!r}")
    parts: list[Expr] = []
    pairs = zip(relation.args[:-1], relation.ops, relation.args[1:], strict=True)
    for left, op, right in pairs:
        if op in ("<=", "<", "=="):
            parts.append(subtract(left, right))
        if op in (">=", ">", "=="):
            parts.append(subtract(right, left))
    return tuple(parts)
