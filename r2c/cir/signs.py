"""What is known about the sign of an expression, before or after data is bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from r2c.cir.expr import Add, Call, Div, Expr, Fold, Item, Mul, Name, Neg, Num, Pow
from r2c.cir.owners import written_values
from r2c.cir.schema import CIR, Decision, ExprValues, Parameter

Sign = Literal["zero", "nonneg", "nonpos", "any"]
"""`nonneg` means zero or more, `nonpos` zero or less."""

_NEGATED: dict[Sign, Sign] = {"zero": "zero", "nonneg": "nonpos", "nonpos": "nonneg", "any": "any"}


def symbol_signs(cir: CIR) -> dict[str, Sign]:
    """The signs that the CIR itself shows: written values, bounds, and what is made of them."""
    signs: dict[str, Sign] = {}
    for parameter in cir.parameters:
        signs[parameter.name] = _parameter_sign(parameter, signs)
    for decision in cir.decisions:
        signs[decision.name] = _decision_sign(decision, signs)
    for definition in cir.definitions:
        signs[definition.name] = sign_of(definition.expr, signs)
    return signs


def sign_of(expr: Expr, signs: Mapping[str, Sign]) -> Sign:  # noqa: C901, PLR0911 - one case per node
    """The sign of an expression; symbols without an entry may have any.

    An empty sum is zero, which every sign here allows.
    """
    match expr:
        case Num(value):
            return sign_of_values((value,))
        case Name(name) | Item(name, _):
            return signs.get(name, "any")
        case Neg(term):
            return _NEGATED[sign_of(term, signs)]
        case Add(terms):
            return _common(sign_of(term, signs) for term in terms)
        case Mul(factors):
            return product_sign([sign_of(factor, signs) for factor in factors])
        case Div(top, bottom):
            return product_sign([sign_of(top, signs), sign_of(bottom, signs)])
        case Fold(_, body, _):
            return sign_of(body, signs)
        case Pow(base, Num(exponent)):
            whole_even = exponent % 2 == 0
            return "nonneg" if whole_even or sign_of(base, signs) == "nonneg" else "any"
        case Call("abs" | "len" | "count" | "ord", _):
            return "nonneg"
        case Call("min" | "max", args):
            return _common(sign_of(arg, signs) for arg in args)
        case _:
            return "any"


def product_sign(signs: Iterable[Sign]) -> Sign:
    """The sign of a product."""
    result: Sign = "nonneg"
    for sign in signs:
        if sign == "zero":
            return "zero"
        if sign == "any" or result == "any":
            result = "any"
        elif sign == "nonpos":
            result = _NEGATED[result]
    return result


def sign_of_values(values: Iterable[float]) -> Sign:
    """The common sign of numbers; no numbers at all are `any`."""
    found = ["zero" if value == 0 else "nonneg" if value > 0 else "nonpos" for value in values]
    return _common(found) if found else "any"  # type: ignore[arg-type]


def _common(signs: Iterable[Sign]) -> Sign:
    kinds = set(signs) - {"zero"}
    if not kinds:
        return "zero"
    return kinds.pop() if len(kinds) == 1 else "any"


def _parameter_sign(item: Parameter, signs: Mapping[str, Sign]) -> Sign:
    if isinstance(item.value, ExprValues):
        return sign_of(item.value.expr, signs)
    values = written_values(item)
    if not values:
        return "any"
    return sign_of_values((*values, *(() if item.default is None else (item.default,))))


def _decision_sign(item: Decision, signs: Mapping[str, Sign]) -> Sign:
    if item.domain == "binary":
        return "nonneg"
    if item.lower is not None and sign_of(item.lower, signs) in ("nonneg", "zero"):
        return "nonneg"
    if item.upper is not None and sign_of(item.upper, signs) in ("nonpos", "zero"):
        return "nonpos"
    return "any"
