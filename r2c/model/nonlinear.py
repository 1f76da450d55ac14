"""Finds the terms that linear algebra cannot carry, and says what could stand in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from r2c.archetypes.card import Card, Claim
from r2c.cir.expr import (
    Add,
    Call,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Mul,
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


_ADVICE: dict[str, str] = {
    "product": "Fix one of the factors; if one is a yes-or-no choice, say what it switches by "
    "fixed_charge_activation or if_then_implication.",
    "quotient": "Multiply the relation out, `a <= r*b` for `a/b <= r`, or fix the divisor.",
    "power": "Fix the base, or put straight pieces in its place, each with a decision of its own.",
    "max": "`max(a, b) <= c` is `a <= c and b <= c`. To make it small, minimise a decision that is "
    "at least each of them; elsewhere a yes-or-no choice must say which one is the largest.",
    "min": "`min(a, b) >= c` is `a >= c and b >= c`. To make it large, maximise a decision that is "
    "at most each of them; elsewhere a yes-or-no choice must say which one is the smallest.",
    "abs": "`abs(a) <= c` is `-c <= a <= c`. To make it small, minimise a decision that is at "
    "least `a` and at least `-a`; elsewhere a yes-or-no choice must say which sign it has.",
}


def nonlinear_terms(expr: Expr, decided: Decided) -> Iterator[tuple[Claim, Expr]]:
    """The nonlinear terms and their kinds, outer ones before those inside them."""

    def varies(part: Expr) -> bool:
        return any(decided(name) for name in symbols(part))

    match expr:
        case Mul(parts) if sum(varies(part) for part in parts) > 1:
            yield "product", expr
        case Div(_, bottom) if varies(bottom):
            yield "quotient", expr
        case Pow(_, exponent) if exponent != Num(1.0) and varies(expr):
            yield "power", expr
        case Call("abs" | "min" | "max" as function, _) if varies(expr):
            yield function, expr
        case Call("prod", _) if varies(expr):
            yield "product", expr
        case Fold(("min" | "max") as op, _, _) if varies(expr):
            yield op, expr
    for part in _amounts(expr):
        yield from nonlinear_terms(part, decided)


def _amounts(expr: Expr) -> Iterable[Expr]:
    """The parts of an expression whose values its own is made of."""
    match expr:
        case Add(parts) | Mul(parts) | Seq(parts) | Compare(_, parts):
            return parts
        case Call("abs" | "min" | "max" | "sum" | "prod", parts):
            return parts
        case Div(first, second) | Pow(first, second):
            return (first, second)
        case Fold(_, body, _) | Each(body, _) | Neg(body):
            return (body,)
    return ()


def nonlinear_fault(where: str, kind: str, term: Expr, library: Mapping[str, Card]) -> Fault:
    """The fault about a nonlinear term, with what could stand in its place.

    Args:
        where: What contains it, such as "Rule 'budget'".
        kind: Why it is not linear, a `Claim` where a card may help.
        term: The term.
        library: The cards; those that claim such terms are named.
    """
    helpers = sorted(id for id, card in library.items() if kind in card.claims)
    advice = _ADVICE.get(kind, "Rewrite it with linear terms.")
    cards = f"State the rule as {' or '.join(helpers)}, which can carry a {kind}. "
    remedy = cards + advice if helpers else advice
    return NONLINEAR.fault(where=where, term=write(term), kind=kind, remedy=remedy)
