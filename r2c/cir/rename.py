"""The same expression with other names for some of its free symbols."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Mul,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Seq,
    Text,
)


def rename(expr: Expr, names: Mapping[str, str]) -> Expr:  # noqa: C901 - one case per node
    """`expr` with every free symbol in `names` renamed; loop variables hide symbols of their name.

    The new names must not be loop variables of `expr`.
    """

    def every(items: tuple[Expr, ...]) -> tuple[Expr, ...]:
        return tuple(rename(item, names) for item in items)

    match expr:
        case Num() | Text():
            return expr
        case Name(name):
            return Name(names.get(name, name))
        case Item(base, keys):
            return Item(names.get(base, base), every(keys))
        case Add(items) | Mul(items) | And(items) | Or(items) | Seq(items):
            return type(expr)(every(items))
        case Neg(item) | Not(item):
            return type(expr)(rename(item, names))
        case Div(one, other) | Pow(one, other):
            return type(expr)(rename(one, names), rename(other, names))
        case Call(function, items):
            return Call(function, every(items))
        case Compare(ops, items):
            return Compare(ops, every(items))
        case Fold(op, body, binder):
            inner, left = _under(binder, names)
            return Fold(op, rename(body, left), inner)
        case Each(body, binder):
            inner, left = _under(binder, names)
            return Each(rename(body, left), inner)


def _under(binder: Binder, names: Mapping[str, str]) -> tuple[Binder, Mapping[str, str]]:
    loops = []
    left = dict(names)
    for loop in binder.loops:
        loops.append(Loop(loop.targets, rename(loop.domain, left)))
        for target in loop.targets:
            left.pop(target, None)
    where = None if binder.where is None else rename(binder.where, left)
    return Binder(tuple(loops), where), left
