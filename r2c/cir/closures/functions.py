"""Lists of values and the functions over sets: count, len, ord, bound."""

from __future__ import annotations

import math
from typing import Any

from r2c.cir.closures.numbers import NO_BOUND, number
from r2c.cir.closures.scope import Closure, Context, Frame, Scope, refuse
from r2c.cir.expr import And, Binder, Compare, Each, Expr, Name, Not, Or, Seq
from r2c.cir.write import write


def values_of(c: Context, items: Expr, scope: Scope) -> Closure:
    """A written or generated list as a closure that gives a list of values."""
    from r2c.cir.closures.loops import loops

    match items:
        case Each(body, binder):
            iterate, inner = loops(c, binder, scope)
            value = number(c, body, inner)
            return lambda frame: [value(frame) for _ in iterate(frame)]
        case Seq(parts):
            lists = [values_of(c, part, scope) for part in parts]
            return lambda frame: [value for part in lists for value in part(frame)]
    single = number(c, items, scope)
    return lambda frame: [single(frame)]


def count(c: Context, body: Expr, binder: Binder, scope: Scope) -> Closure:
    """`count(condition for ...)`: how many members meet a condition on data."""
    from r2c.cir.closures.conditions import condition
    from r2c.cir.closures.loops import loops

    iterate, inner = loops(c, binder, scope)
    if not isinstance(body, Compare | And | Or | Not):
        raise refuse(body, "count(...) counts the members that meet a condition")
    holds = condition(c, body, inner.for_data())
    return lambda frame: float(sum(1 for _ in iterate(frame) if holds(frame)))


def length(c: Context, arg: Expr, scope: Scope) -> Closure:
    """`len(S)`: the size of a set or list."""
    from r2c.cir.closures.loops import loops

    if isinstance(arg, Name) and (members := c.members(arg.id)) is not None:
        size = float(len(members))
        return lambda frame: size
    if isinstance(arg, Seq):
        listed = float(len(arg.items))
        return lambda frame: listed
    if isinstance(arg, Each):
        iterate, _ = loops(c, arg.binder, scope.for_data())
        return lambda frame: float(sum(1 for _ in iterate(frame)))
    raise refuse(arg, "len(...) takes a set or a list")


def ordinal(c: Context, arg: Expr, scope: Scope) -> Closure:
    """`ord(t)`: the position in the set that `t` runs over, counted from 1."""
    from r2c.cir.closures.elements import NOT_ORDERED, home, position

    members = home(c, arg, scope)
    if members is None:
        raise refuse(arg, "ord(...) takes a loop variable over an ordered set")
    if not members.ordered:
        raise NOT_ORDERED(key=f"ord({write(arg)})", name=members.name)
    place = position(c, arg, scope, members)
    return lambda frame: float(place(frame) + 1)


def bound(c: Context, arg: Expr, scope: Scope) -> Closure:
    """`bound(e)`: the largest value that `e` can take within the bounds of its decisions.

    Raises:
        CIRError: R2C-C234 when called, if there is no finite bound.
    """
    if c.bounds is None:
        raise refuse(arg, "bound(...) has a meaning only where the ranges of decisions are known")
    inner = number(c.with_bounds(), arg, scope)

    def largest(frame: Frame) -> float:
        value: Any = inner(frame)
        top = float(getattr(value, "upper", value))
        if not math.isfinite(top):
            raise NO_BOUND(expression=write(arg))
        return top

    return largest
