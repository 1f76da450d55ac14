"""Degree and curvature of an expression over the decisions, by rules that are always sound.

What cannot be shown affine, convex or concave is called nonlinear, with the node that stood in
the way: that node is what a paradigm has to claim, or what `unsupported` names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from r2c.cir.expr import (
    Add,
    And,
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
    Not,
    Num,
    Or,
    Pow,
    Seq,
    Text,
    children,
    walk,
)
from r2c.cir.signs import Sign, product_sign, sign_of
from r2c.cir.write import shown

Kind = Literal["constant", "affine", "convex", "concave", "quadratic", "nonlinear"]
Curvature = Literal["constant", "affine", "convex", "concave", "unknown"]


@dataclass(frozen=True, slots=True)
class Form:
    """What an expression is over the decisions.

    `degree` is 0, 1 or 2 for polynomials and None otherwise (an absolute value is convex without
    a degree). `offender` is the first node that is not linear, `reason` says why.
    """

    degree: int | None
    curvature: Curvature
    offender: Expr | None = None
    reason: str = ""

    @property
    def kind(self) -> Kind:
        """One word: quadratic covers polynomials of degree two, convex or not."""
        if self.degree == 2:
            return "quadratic"
        return "nonlinear" if self.curvature == "unknown" else self.curvature

    @property
    def linear(self) -> bool:
        """Whether it is constant or affine."""
        return self.curvature in ("constant", "affine")

    @property
    def convex(self) -> bool:
        """Whether it is shown to be convex (affine included)."""
        return self.curvature in ("constant", "affine", "convex")

    @property
    def concave(self) -> bool:
        """Whether it is shown to be concave (affine included)."""
        return self.curvature in ("constant", "affine", "concave")

    def __str__(self) -> str:
        if self.degree == 2:
            known = "" if self.curvature == "unknown" else f"{self.curvature} "
            return f"{known}quadratic"
        return self.kind


CONSTANT = Form(0, "constant")
AFFINE = Form(1, "affine")


def linearity(
    expr: Expr,
    decisions: Collection[str],
    signs: Mapping[str, Sign] | None = None,
    forms: Mapping[str, Form] | None = None,
) -> Form:
    """The form of an arithmetic expression; every symbol not in `decisions` or `forms` is data.

    Args:
        expr: the expression; a relation, condition or list has no curvature and is nonlinear.
        decisions: symbols that the plan chooses.
        signs: what is known of the signs of symbols, data or decisions; see `r2c.cir.signs`.
        forms: forms of symbols that stand for expressions, such as definitions.
    """
    return _Reader(decisions, signs or {}, forms or {}).form(expr)


class _Reader:
    def __init__(
        self, decisions: Collection[str], signs: Mapping[str, Sign], forms: Mapping[str, Form]
    ) -> None:
        self._decisions = decisions
        self._signs = signs
        self._forms = forms

    def form(self, expr: Expr) -> Form:  # noqa: C901, PLR0911, PLR0912 - one case per node type
        match expr:
            case Num() | Text():
                return CONSTANT
            case Name(name):
                return self._symbol(name)
            case Item(base, keys):
                if any(not self._constant(key) for key in keys):
                    return _bad(expr, "an index value that the plan decides")
                return self._symbol(base)
            case Add(terms):
                return _total([self.form(term) for term in terms])
            case Neg(term):
                return _scaled(self.form(term), "nonpos")
            case Mul(factors):
                return self._product(expr, factors)
            case Div(top, bottom):
                if not self._constant(bottom):
                    return _bad(expr, "division by a decision")
                return _scaled(self.form(top), sign_of(bottom, self._signs))
            case Pow(base, exponent):
                return self._power(expr, base, exponent)
            case Call(function, args):
                return self._call(expr, function, args)
            case Fold(op, body, binder):
                filters = [loop.domain for loop in binder.loops]
                filters += [] if binder.where is None else [binder.where]
                if not all(self._constant(item) for item in filters):
                    return _bad(expr, "a filter by a decision")
                form = self.form(body)
                return form if op == "sum" else _extreme(op, [form], expr)
            case Compare() | And() | Or() | Not() | Each() | Seq():
                if self._constant(expr):
                    return CONSTANT
                return _bad(expr, "a condition or list where an amount is needed")

    def _symbol(self, name: str) -> Form:
        if name in self._forms:
            return self._forms[name]
        return AFFINE if name in self._decisions else CONSTANT

    def _constant(self, expr: Expr) -> bool:
        return all(
            self._symbol(node.id if isinstance(node, Name) else node.base).degree == 0
            for node in walk(expr)
            if isinstance(node, Name | Item)
        )

    def _product(self, expr: Expr, factors: tuple[Expr, ...]) -> Form:
        varying = [(factor, self.form(factor)) for factor in factors]
        moving = [(factor, form) for factor, form in varying if form.degree != 0]
        data = [factor for factor, form in varying if form.degree == 0]
        scale = product_sign([sign_of(factor, self._signs) for factor in data])
        if not moving:
            return CONSTANT
        if len(moving) == 1:
            return _scaled(moving[0][1], scale)
        if all(form.degree == 1 for _, form in moving) and len(moving) == 2:
            square = moving[0][0] == moving[1][0]
            form = Form(2, "convex" if square else "unknown", expr, "a product of two decisions")
            return _scaled(form, scale)
        return _bad(expr, "a product of decisions")

    def _power(self, expr: Expr, base: Expr, exponent: Expr) -> Form:
        if not self._constant(exponent):
            return _bad(expr, "a decision in an exponent")
        form = self.form(base)
        if form.degree == 0:
            return CONSTANT
        match exponent:
            case Num(0.0):
                return CONSTANT
            case Num(1.0):
                return form
            case Num(2.0) if form.degree == 1:
                return Form(2, "convex", expr, "the square of a decision")
            case Num(value) if value > 0 and value % 2 == 0 and form.degree == 1:
                return Form(None, "convex", expr, "an even power of a decision")
            case Num(value) if form.degree == 1 and sign_of(base, self._signs) == "nonneg":
                bent: Curvature = "concave" if 0 < value < 1 else "convex"
                return Form(None, bent, expr, "a power of a decision")
            case _:
                return _bad(expr, "a power of a decision")

    def _call(self, expr: Expr, function: str, args: tuple[Expr, ...]) -> Form:
        if self._constant(expr):
            return CONSTANT
        bodies = [arg.body if isinstance(arg, Each) else arg for arg in args]
        bodies = [
            item for arg in bodies for item in (arg.items if isinstance(arg, Seq) else (arg,))
        ]
        filtered = [child for arg in args if isinstance(arg, Each) for child in children(arg)[1:]]
        if not all(self._constant(item) for item in filtered):
            return _bad(expr, "a filter by a decision")
        forms = [self.form(body) for body in bodies]
        if function == "abs" and len(forms) == 1:
            bent: Curvature = "convex" if forms[0].linear else "unknown"
            return Form(None, bent, expr, "the absolute value of a decision")
        if function in ("min", "max"):
            return _extreme(function, forms, expr)
        if function == "sum":
            return _total(forms)
        return _bad(expr, f"{function}(...) of a decision")


def _total(forms: list[Form]) -> Form:
    offender = next((form for form in forms if form.offender is not None), None)
    degrees = [form.degree for form in forms]
    degree = None if None in degrees else max((d for d in degrees if d is not None), default=0)
    curvature: Curvature = "unknown"
    if all(form.curvature == "constant" for form in forms):
        curvature = "constant"
    elif all(form.linear for form in forms):
        curvature = "affine"
    elif all(form.convex for form in forms):
        curvature = "convex"
    elif all(form.concave for form in forms):
        curvature = "concave"
    if offender is None:
        return Form(degree, curvature)
    return Form(degree, curvature, offender.offender, offender.reason)


def _scaled(form: Form, sign: Sign) -> Form:
    if form.linear or sign == "nonneg":
        return form
    if sign == "zero":
        return CONSTANT
    flipped: dict[Curvature, Curvature] = {"convex": "concave", "concave": "convex"}
    curvature = flipped.get(form.curvature, "unknown") if sign == "nonpos" else "unknown"
    return Form(form.degree, curvature, form.offender, form.reason)


def _extreme(op: str, forms: list[Form], expr: Expr) -> Form:
    if all(form.degree == 0 for form in forms):
        return CONSTANT
    inner = next((form for form in forms if form.offender is not None), None)
    kept = all(form.convex if op == "max" else form.concave for form in forms)
    bent: Curvature = "convex" if op == "max" else "concave"
    if kept:
        reason = "the largest" if op == "max" else "the smallest"
        return Form(None, bent, expr, f"{reason} of several decisions")
    offender = expr if inner is None or inner.offender is None else inner.offender
    return _bad(offender, f"{op}(...) of {shown(expr, 60)}")


def _bad(expr: Expr, reason: str) -> Form:
    return Form(None, "unknown", expr, reason)
