"""Arithmetic: expressions whose value is a number or number-like."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from r2c.cir.closures.scope import Closure, Context, Frame, NotRepresentable, Scope, refuse
from r2c.cir.expr import (
    Add,
    Call,
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
    Text,
)  # fmt: skip
from r2c.cir.members import label
from r2c.cir.write import write
from r2c.errors import CIRError, declare

UNDEFINED = declare(
    "R2C-C231", CIRError,
    what="{expression!r} has no value: {problem}.",
    why="The data make this arithmetic undefined.",
    remedy="Correct the data, or leave out the members for which it is undefined.",
)  # fmt: skip
LABEL_AS_NUMBER = declare(
    "R2C-C232", CIRError,
    what="The label {label!r} is used as a number in {expression!r}.",
    why="Labels have no value; only their position in an ordered set is a number.",
    remedy="Use ord({expression}) for the position, or a parameter that holds the value.",
)  # fmt: skip
EMPTY_EXTREME = declare(
    "R2C-C233", CIRError,
    what="{expression!r} has no members to take the {op} of.",
    why="The largest or smallest of nothing is undefined.",
    remedy="Keep the rule to the members where the set is not empty.",
)  # fmt: skip
NO_BOUND = declare(
    "R2C-C234", CIRError,
    what="{expression!r} has no finite upper bound.",
    why="Big-M rows need a number that the expression cannot exceed.",
    remedy="Give the decisions in it upper (and lower) bounds.",
)  # fmt: skip


def number(c: Context, expr: Expr, scope: Scope) -> Closure:  # noqa: C901 - a case per node
    """Compile an expression to a closure that gives its value.

    Raises:
        CIRError: R2C-C225 and the following, some only when the closure is called.
    """
    match expr:
        case Num(value):
            return lambda frame: value
        case Name():
            return _name(c, expr, scope)
        case Item(base, keys):
            from r2c.cir.closures.symbols import item

            return item(c, base, keys, scope)
        case Add(terms):
            return _guarded(_sum([number(c, term, scope) for term in terms]), expr)
        case Neg(term):
            inner = number(c, term, scope)
            return lambda frame: -inner(frame)
        case Mul(factors):
            return _guarded(_product([number(c, factor, scope) for factor in factors]), expr)
        case Div(top, bottom):
            return _guarded(_binary(c, top, bottom, scope, operator.truediv), expr)
        case Pow(base, exponent):
            return _guarded(_binary(c, base, exponent, scope, operator.pow), expr)
        case Call():
            return _call(c, expr, scope)
        case Fold(op, body, binder):
            return _guarded(_fold(c, op, Each(body, binder), expr, scope), expr)
        case Text(value):
            raise LABEL_AS_NUMBER(label=value, expression=write(expr))
    raise refuse(expr, "a number is expected")


def total(values: list[Any]) -> Any:
    """The sum of numbers, or of number-likes by their own rule."""
    try:
        return math.fsum(values)
    except (TypeError, AttributeError):
        kind = next(type(value) for value in values if not isinstance(value, float | int))
        return kind.total(values) if hasattr(kind, "total") else sum(values)


def _sum(parts: list[Closure]) -> Closure:
    if len(parts) == 2:
        first, second = parts
        return lambda frame: first(frame) + second(frame)
    return lambda frame: total([part(frame) for part in parts])


def _product(parts: list[Closure]) -> Closure:
    if len(parts) == 2:
        first, second = parts
        return lambda frame: first(frame) * second(frame)
    return lambda frame: math.prod([part(frame) for part in parts])


def _binary(
    c: Context, left: Expr, right: Expr, scope: Scope, apply: Callable[[Any, Any], Any]
) -> Closure:
    first, second = number(c, left, scope), number(c, right, scope)
    return lambda frame: apply(first(frame), second(frame))


def _guarded(inner: Closure, expr: Expr) -> Closure:
    """Turn the ways in which arithmetic fails into faults that name the term."""

    def guarded(frame: Frame) -> Any:
        try:
            value = inner(frame)
        except NotRepresentable as error:
            if error.term is None:
                error.term = expr
            raise
        except ZeroDivisionError:
            raise UNDEFINED(expression=write(expr), problem="division by zero") from None
        except OverflowError:
            raise UNDEFINED(expression=write(expr), problem="it is too large") from None
        if isinstance(value, complex):
            raise UNDEFINED(expression=write(expr), problem="it is not a real number")
        return value

    return guarded


def _name(c: Context, expr: Name, scope: Scope) -> Closure:
    variable = scope.variables.get(expr.id)
    if variable is None:
        from r2c.cir.closures.symbols import item

        return item(c, expr.id, (), scope)
    slot = variable.slot

    def value(frame: Frame) -> float:
        return as_number(frame[slot], expr)

    return value


def as_number(value: object, expr: Expr) -> float:
    """The number that a set element stands for.

    Raises:
        CIRError: R2C-C232 if the element is a label.
    """
    if isinstance(value, int | float):
        return value
    try:
        return float(label(value))
    except ValueError:
        raise LABEL_AS_NUMBER(label=label(value), expression=write(expr)) from None


def _call(c: Context, expr: Call, scope: Scope) -> Closure:
    from r2c.cir.closures.elements import is_element, key_part
    from r2c.cir.closures.functions import bound, count, length, ordinal

    match expr:
        case Call("abs", (arg,)):
            inner = number(c, arg, scope)
            return _guarded(lambda frame: abs(inner(frame)), expr)
        case Call("min" | "max" | "sum" | "prod" as op, args):
            return _guarded(_fold(c, op, *_one_list(args), expr, scope), expr)
        case Call("count", (Each(body, binder),)):
            return count(c, body, binder, scope)
        case Call("len", (arg,)):
            return length(c, arg, scope)
        case Call("ord", (arg,)):
            return ordinal(c, arg, scope)
        case Call("bound", (arg,)):
            return bound(c, arg, scope)
    if is_element(c, expr, scope):
        part = key_part(c, expr, scope, None)
        return lambda frame: as_number(part(frame), expr)
    raise refuse(expr, f"{expr.function}(...) is not a number, or has other arguments")


def _one_list(args: tuple[Expr, ...]) -> tuple[Expr]:
    return (args[0],) if len(args) == 1 else (Seq(args),)


def _fold(c: Context, op: str, items: Expr, expr: Expr, scope: Scope) -> Closure:
    from r2c.cir.closures.functions import values_of

    values = values_of(c, items, scope)
    if op == "sum":
        return lambda frame: total(values(frame))
    if op == "prod":
        return lambda frame: math.prod(values(frame))
    largest = op == "max"

    def extreme(frame: Frame) -> Any:
        found = values(frame)
        if not found:
            raise EMPTY_EXTREME(expression=write(expr), op=op)
        kind = next((type(v) for v in found if not isinstance(v, float | int)), None)
        if kind is not None and hasattr(kind, "extreme"):
            return kind.extreme(largest, found)
        if kind is not None:
            raise NotRepresentable(f"the {op} of something that is not a number")
        return max(found) if largest else min(found)

    return extreme
