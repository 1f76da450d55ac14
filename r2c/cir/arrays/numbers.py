"""Arithmetic for many rows at once: the cases of `r2c.cir.closures.numbers`, on arrays."""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np

from r2c.cir.arrays.codes import Floats, Ints
from r2c.cir.arrays.conditions import condition
from r2c.cir.arrays.elements import as_numbers, key_codes, position, told
from r2c.cir.arrays.form import (
    Form,
    Number,
    Value,
    each,
    exact_sum,
    full,
    group_sums,
    negative,
    over,
    plus,
    summed,
    times,
)
from r2c.cir.arrays.frame import Frame
from r2c.cir.arrays.loops import counts_in, run
from r2c.cir.arrays.portions import in_portions
from r2c.cir.arrays.space import Space
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.closures.elements import home, is_element
from r2c.cir.closures.scope import Scope
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
    Mul,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Seq,
)  # fmt: skip


def number(space: Space, expr: Expr, scope: Scope, frame: Frame) -> Value:  # noqa: C901, PLR0911 - a case per node
    """The value of an expression in each row.

    Raises:
        Unvectorised: if the value of some row is left to the scalar evaluation.
    """
    from r2c.cir.arrays.symbols import symbol

    match expr:
        case Num(value):
            return float(value)
        case Name(name) if name in scope.variables:
            return as_numbers(*frame.codes(scope.variables[name].slot))
        case Name(name):
            return symbol(space, name, (), scope, frame)
        case Item(base, keys):
            return symbol(space, base, keys, scope, frame)
        case Add(terms):
            return plus([number(space, term, scope, frame) for term in terms], merge=space.merge)
        case Neg(term):
            return negative(number(space, term, scope, frame))
        case Mul(factors):
            return _product(space, [number(space, factor, scope, frame) for factor in factors])
        case Div(top, bottom):
            return over(number(space, top, scope, frame), number(space, bottom, scope, frame))
        case Pow(base, exponent):
            return _power(space, base, exponent, scope, frame)
        case Fold(op, body, binder):
            return _fold(space, op, Each(body, binder), scope, frame)
        case Call():
            return _call(space, expr, scope, frame)
    raise Unvectorised(f"{told(expr)} as a number")


def _product(space: Space, factors: Sequence[Value]) -> Value:
    """The product from left to right."""
    found = factors[0]
    for factor in factors[1:]:
        found = times(found, factor, merge=space.merge)
    return found


def _power(space: Space, base: Expr, exponent: Expr, scope: Scope, frame: Frame) -> Value:
    if not _is_float(base, scope) and not isinstance(exponent, Num):
        raise Unvectorised("a power of whole numbers")  # of any size, where floats are rounded
    value, power = (number(space, expr, scope, frame) for expr in (base, exponent))
    if isinstance(value, Form) or isinstance(power, Form):
        if isinstance(value, Form) and isinstance(power, float) and power == 1:
            return value
        raise Unvectorised("a power of decisions")
    return each(operator.pow, value, power)


def _is_float(expr: Expr, scope: Scope) -> bool:
    """Whether the scalar value is surely no `int`, which loop variables over numbers have."""
    match expr:
        case Num() | Item() | Div():
            return True
        case Name(name):
            return name not in scope.variables
        case Add(parts) | Mul(parts):
            return any(_is_float(part, scope) for part in parts)
        case Neg(inner):
            return _is_float(inner, scope)
    return False


def _call(space: Space, expr: Call, scope: Scope, frame: Frame) -> Value:
    match expr:
        case Call("abs", (arg,)):
            value = number(space, arg, scope, frame)
            if isinstance(value, Form):
                raise Unvectorised("the absolute value of decisions")
            return abs(value) if isinstance(value, float) else np.abs(value)
        case Call("min" | "max" | "sum" | "prod" as op, args):
            items = args[0] if len(args) == 1 else Seq(args)
            return _fold(space, op, items, scope, frame)
        case Call("count", (Each(body, binder),)):
            return _count(space, body, binder, scope, frame)
        case Call("len", (arg,)):
            return _length(space, arg, scope, frame)
        case Call("ord", (arg,)):
            return _ordinal(space, arg, scope, frame)
    if is_element(space.context, expr, scope):
        return as_numbers(*key_codes(space, expr, scope, frame, None))
    raise Unvectorised(f"{told(expr)} as a number")


def _fold(space: Space, op: str, items: Expr, scope: Scope, frame: Frame) -> Value:
    """The sum, product or extreme of a list."""
    match items:
        case Each(body, binder):
            return _over_loop(space, op, body, binder, scope, frame)
        case Seq(parts):
            if any(isinstance(part, Each | Seq) for part in parts):
                raise Unvectorised("a list of lists")
            values = [number(space, part, scope, frame) for part in parts]
        case _:
            values = [number(space, items, scope, frame)]
    if op == "sum":
        return _listed_sum(space, values, frame.size)
    if op == "prod":
        return _product(space, values) if values else 1.0
    numbers = [value for value in values if not isinstance(value, Form)]
    if not numbers or len(numbers) < len(values):
        raise Unvectorised(f"the {op} of decisions or of nothing")
    apply = np.maximum if op == "max" else np.minimum
    found: Number = numbers[0]
    for value in numbers[1:]:
        found = apply(found, value)
    return found


def _listed_sum(space: Space, values: list[Value], size: int) -> Value:
    if not any(isinstance(value, Form) for value in values):
        return exact_sum([value for value in values if not isinstance(value, Form)])
    return plus(values, merge=space.merge)


def _over_loop(
    space: Space, op: str, body: Expr, binder: Binder, scope: Scope, frame: Frame
) -> Value:
    inner, scope = run(space, binder, scope, frame)
    value = in_portions(inner, lambda part: number(space, body, scope, part))
    counts = counts_in(inner, frame)
    if op == "sum":
        return summed(value, counts, frame.size, merge=space.merge)
    if isinstance(value, Form) or op == "prod":
        raise Unvectorised(f"the {op} of a loop")
    return _extremes(op, value, counts, inner.size, frame.size)


def _extremes(op: str, value: Number, counts: Ints | int, rows: int, size: int) -> Number:
    """The largest or smallest number of each group."""
    per_group = np.full(size, counts) if isinstance(counts, int) else counts
    if not size:
        return np.zeros(0)
    if not per_group.all():
        raise Unvectorised(f"the {op} of nothing")
    apply = np.maximum if op == "max" else np.minimum
    found: Floats = apply.reduceat(full(value, rows), np.cumsum(per_group) - per_group)
    return found


def _count(space: Space, body: Expr, binder: Binder, scope: Scope, frame: Frame) -> Number:
    if not isinstance(body, Compare | And | Or | Not):
        raise Unvectorised("a count of what is no condition")
    inner, scope = run(space, binder, scope, frame)
    holds = condition(space, body, scope.for_data(), inner)
    return group_sums(holds.astype(np.float64), counts_in(inner, frame), frame.size)


def _length(space: Space, arg: Expr, scope: Scope, frame: Frame) -> Number:
    match arg:
        case Name(name) if (members := space.context.members(name)) is not None:
            return float(len(members))
        case Seq(items):
            return float(len(items))
        case Each(_, binder):
            inner, _ = run(space, binder, scope.for_data(), frame)
            counts = counts_in(inner, frame)
            return float(counts) if isinstance(counts, int) else counts.astype(np.float64)
    raise Unvectorised("the length of what is no list")


def _ordinal(space: Space, arg: Expr, scope: Scope, frame: Frame) -> Number:
    members = home(space.context, arg, scope)
    if members is None or not members.ordered:
        raise Unvectorised("a position without order")
    place = position(space, arg, scope, frame, members)
    if place is None:
        raise Unvectorised("a position in another set")
    return float(place + 1) if isinstance(place, int) else (place + 1).astype(np.float64)
