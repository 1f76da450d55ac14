"""Finds the first term that linear algebra cannot carry, and says what could carry it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from r2c.archetypes.card import Card, Claim
from r2c.cir.expr import (
    Add,
    Call,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    Seq,
    symbols,
)  # fmt: skip
from r2c.cir.write import write
from r2c.errors import Fault, ModelError, declare

NONLINEAR = declare(
    "R2C-M123",
    ModelError,
    what="{where} contains `{term}`, which is not linear ({kind}).",
    why="The solver takes linear rows; no paradigm claims this term.",
    remedy="{remedy}",
)

Decided = Callable[[str], bool]


def nonlinear_term(expr: Expr, decided: Decided) -> tuple[Claim, Expr] | None:  # noqa: C901, PLR0911
    """The first nonlinear term and its kind, None if the expression is linear."""

    def varies(part: Expr) -> bool:
        return any(decided(name) for name in symbols(part))

    def first(parts: tuple[Expr, ...]) -> tuple[Claim, Expr] | None:
        found = (nonlinear_term(part, decided) for part in parts)
        return next((item for item in found if item is not None), None)

    match expr:
        case Mul(factors):
            if sum(varies(factor) for factor in factors) > 1:
                return "product", expr
            return first(factors)
        case Div(top, bottom):
            return ("quotient", expr) if varies(bottom) else first((top,))
        case Pow(base, exponent):
            linear = exponent == Num(1.0) or not varies(expr)
            return first((base,)) if linear else ("power", expr)
        case Call("abs" | "min" | "max" as function, args):
            return (function, expr) if varies(expr) else first(args)
        case Call("sum", args) | Add(args) | Seq(args) | Compare(_, args):
            return first(args)
        case Call("prod", _):
            return ("product", expr) if varies(expr) else None
        case Fold("sum", body, _) | Each(body, _) | Neg(body):
            return first((body,))
        case Fold(("min" | "max") as op, _, _):
            return (op, expr) if varies(expr) else None
        case Num() | Name() | Item():
            return None
    return None


def nonlinear_fault(where: str, kind: str, term: Expr, library: Mapping[str, Card]) -> Fault:
    """The fault about a nonlinear term, with the archetypes that claim such terms.

    Args:
        where: What contains it, such as "Rule 'budget'".
        kind: Why it is not linear, a `Claim` where a card may help.
        term: The term.
        library: The cards.
    """
    helpers = sorted(id for id, card in library.items() if kind in card.claims)
    remedy = (
        f"State the rule as {' or '.join(helpers)}, which can carry a {kind}."
        if helpers
        else "Rewrite it with linear terms, or fix one of the factors."
    )
    return NONLINEAR.fault(where=where, term=write(term), kind=kind, remedy=remedy)
