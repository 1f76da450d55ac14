"""Relations as numbers: parts that must not exceed 0, and 0/1 truth where a choice decides it."""

from __future__ import annotations

from r2c.cir.expr import And, Binder, Compare, Expr, Num
from r2c.errors import CIRError, declare
from r2c.model.bounds import Bounds
from r2c.model.relation_parts import relation_parts
from r2c.model.rename import add, subtract

STRICT = declare(
    "R2C-M120",
    CIRError,
    what="`{relation}` is a strict inequality on amounts that can take fractions.",
    why="Solvers keep a limit or exceed it; just below a limit there is no last value.",
    remedy="Write `<=` or `>=`, or make the decisions whole numbers.",
)


def closed(relation: Compare, binder: Binder | None, bounds: Bounds) -> tuple[Compare, ...]:
    """The relation without strict inequalities, as comparisons that solvers take.

    Raises:
        CIRError: R2C-M120 if a strict inequality concerns amounts that can take fractions.
    """
    if not {"<", ">"} & set(relation.ops):
        return (relation,)
    found: list[Compare] = []
    pairs = zip(relation.args[:-1], relation.ops, relation.args[1:], strict=True)
    for left, op, right in pairs:
        if op not in ("<", ">"):
            found.append(Compare((op,), (left, right)))
            continue
        if not bounds.integer(subtract(left, right), binder):
            from r2c.cir.write import write

            raise STRICT(relation=write(relation))
        if op == "<":
            found.append(Compare(("<=",), (left, add([right, Num(-1.0)]))))
        else:
            found.append(Compare((">=",), (left, add([right, Num(1.0)]))))
    return tuple(found)


def closed_parts(whole: Expr, binder: Binder | None, bounds: Bounds) -> tuple[Expr, ...]:
    """Expressions that must not exceed 0, those left out that never do.

    Raises:
        CIRError: R2C-M120.
    """
    relations = whole.args if isinstance(whole, And) else (whole,)
    parts: list[Expr] = []
    for relation in relations:
        assert isinstance(relation, Compare)
        for plain in closed(relation, binder, bounds):
            parts.extend(relation_parts(plain))
    needed = [part for part in parts if bounds.range(part, binder)[1] > 0]
    return tuple(needed or parts[:1])


def truth_value(whole: Expr, binder: Binder | None, bounds: Bounds) -> Expr | None:
    """The relation as a 0/1 expression; None if no yes-or-no choice decides it."""
    parts = closed_parts(whole, binder, bounds)
    if len(parts) != 1 or not bounds.integer(parts[0], binder):
        return None
    low, high = bounds.range(parts[0], binder)
    return subtract(Num(1.0), parts[0]) if low >= 0 and high <= 1 else None
