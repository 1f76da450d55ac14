"""Conditions on data: comparisons, membership, and/or/not.

Two members of one ordered set compare by position (`s <= t`, `s == t-1`, `t > "Mar"`); other
members compare by label for `==` and `!=`, by value if they are numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from r2c.cir.closures.elements import constant, home, is_element, key_part, position
from r2c.cir.closures.numbers import number
from r2c.cir.closures.scope import Closure, Context, Frame, Scope, refuse
from r2c.cir.expr import (
    Add,
    And,
    Call,
    Compare,
    CompareOp,
    Expr,
    Name,
    Not,
    Num,
    Or,
    Seq,
    Text,
)  # fmt: skip
from r2c.cir.members import Members, label
from r2c.errors import counted

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def condition(c: Context, expr: Expr, scope: Scope) -> Closure:
    """Compile a condition to a closure that gives a truth value.

    Raises:
        CIRError: R2C-C225 and the following, some only when the closure is called.
    """
    scope = scope.for_data()
    match expr:
        case And(args):
            parts = [condition(c, arg, scope) for arg in args]
            return lambda frame: all(part(frame) for part in parts)
        case Or(args):
            parts = [condition(c, arg, scope) for arg in args]
            return lambda frame: any(part(frame) for part in parts)
        case Not(arg):
            inner = condition(c, arg, scope)
            return lambda frame: not inner(frame)
        case Call("implies", (first, second)):
            if_, then = condition(c, first, scope), condition(c, second, scope)
            return lambda frame: not if_(frame) or then(frame)
        case Compare(ops, args):
            pairs = zip(ops, args, args[1:], strict=False)
            links = [_link(c, op, left, right, scope) for op, left, right in pairs]
            if len(links) == 1:
                return links[0]
            return lambda frame: all(link(frame) for link in links)
    value = number(c, expr, scope)
    return lambda frame: value(frame) != 0


def _link(c: Context, op: CompareOp, left: Expr, right: Expr, scope: Scope) -> Closure:
    if op in ("in", "not in"):
        inside = _membership(c, left, right, scope)
        return inside if op == "in" else lambda frame: not inside(frame)
    apply = OPERATORS[op]
    if isinstance(left, Seq) or isinstance(right, Seq):
        raise refuse(Compare((op,), (left, right)), "lists are not compared; compare their parts")
    members = common_order(c, left, right, scope)
    if members is not None:
        return _by_position(c, apply, op, left, right, scope, members)
    if op in ("==", "!=") and compares_labels(c, left, right, scope):
        first = _labelled(c, left, scope, home(c, right, scope))
        second = _labelled(c, right, scope, home(c, left, scope))
        return lambda frame: apply(first(frame), second(frame))
    one, other = number(c, left, scope), number(c, right, scope)
    return lambda frame: apply(one(frame), other(frame))


def is_label(c: Context, expr: Expr, members: Members | None) -> bool:
    """Whether an expression names a member of the set, in quotes or without."""
    if isinstance(expr, Text):
        return True
    if not isinstance(expr, Name) or members is None:
        return False
    known = expr.id in c.instance.parameters or expr.id in c.values or expr.id in c.definitions
    return not known and expr.id in members.element_by_label


def common_order(c: Context, left: Expr, right: Expr, scope: Scope) -> Members | None:
    """The ordered set in which both sides have a position, if there is one."""
    one, other = home(c, left, scope), home(c, right, scope)
    if one is not None and one.ordered and is_label(c, right, one):
        return one
    if other is not None and other.ordered and is_label(c, left, other):
        return other
    if one is None or other is None:
        return None
    for wide, narrow in ((one, other), (other, one)):
        if wide.ordered and wide.dim == narrow.dim == 1:
            if wide is narrow:
                return wide
            known = wide.element_by_label
            if all(label(item) in known for item in narrow.elements):
                return wide
    return None


def _by_position(
    c: Context, apply: Callable[[Any, Any], bool], op: str, left: Expr, right: Expr,
    scope: Scope, members: Members,
) -> Closure:  # fmt: skip
    first = position(c, as_text(left, scope), scope, members)
    second = position(c, as_text(right, scope), scope, members)
    if members.cyclic and op in ("==", "!="):
        size = len(members)
        return lambda frame: apply((first(frame) - second(frame)) % size, 0)
    return lambda frame: apply(first(frame), second(frame))


def as_text(expr: Expr, scope: Scope) -> Expr:
    """A name that is no loop variable as the label that it stands for."""
    return Text(expr.id) if isinstance(expr, Name) and expr.id not in scope.variables else expr


def compares_labels(c: Context, left: Expr, right: Expr, scope: Scope) -> bool:
    """Whether `==` and `!=` compare members by their labels here, rather than numbers."""
    if isinstance(left, Add) or isinstance(right, Add):
        return False
    for own, other in ((left, right), (right, left)):
        members = home(c, own, scope)
        if isinstance(other, Num) and members is not None and members.dim == 1:
            # Whole numbers compare as numbers, in the set or not; among labels `2` must be one.
            return not all(isinstance(item, int) for item in members.elements)
    return is_element(c, left, scope) or is_element(c, right, scope)


def _labelled(c: Context, expr: Expr, scope: Scope, members: Members | None) -> Closure:
    if isinstance(expr, Text | Num):
        value = label(constant(expr, members))
        return lambda frame: value
    if is_label(c, expr, members):
        value = label(constant(as_text(expr, scope), members))
        return lambda frame: value
    part = key_part(c, expr, scope, None)
    variable = scope.variables.get(expr.id) if isinstance(expr, Name) else None
    if variable is not None and variable.dim > 1:
        return lambda frame: tuple(map(label, part(frame)))
    return lambda frame: label(part(frame))


def _membership(c: Context, left: Expr, right: Expr, scope: Scope) -> Closure:
    parts = left.items if isinstance(left, Seq) else (left,)
    if isinstance(right, Name) and (members := c.members(right.id)) is not None:
        shape = c.components(members)
        many = [
            isinstance(part, Name)
            and part.id in scope.variables
            and scope.variables[part.id].dim > 1
            for part in parts
        ]
        closures = [key_part(c, part, scope, None) for part in parts]
        if len(closures) != len(shape) and not any(many):
            raise refuse(left, f"members of {right.id!r} have {counted(len(shape), 'part')}")
        known = members.by_label

        def member(frame: Frame) -> bool:
            key: list[str] = []
            for closure, flat in zip(closures, many, strict=True):
                value = closure(frame)
                key.extend(map(label, value)) if flat else key.append(label(value))
            return tuple(key) in known

        return member
    if isinstance(right, Seq) and len(parts) == 1:
        wanted = home(c, left, scope)
        value = _labelled(c, left, scope, None)
        items = [_labelled(c, item, scope, wanted) for item in right.items]
        return lambda frame: value(frame) in [item(frame) for item in items]
    wide = any(is_wide(part, scope) for part in parts)
    if not wide and (rows := listed_rows(right, len(parts))) is not None:
        wants = [home(c, part, scope) for part in parts]
        key = [_labelled(c, part, scope, None) for part in parts]
        listed = [
            [_labelled(c, item, scope, members) for item, members in zip(row, wants, strict=True)]
            for row in rows
        ]
        return lambda frame: any(
            all(one(frame) == other(frame) for one, other in zip(key, row, strict=True))
            for row in listed
        )
    raise refuse(right, "`in` takes a set, a list of labels, or a list of rows of labels")


def is_wide(part: Expr, scope: Scope) -> bool:
    """Whether a loop variable stands for a tuple."""
    return (
        isinstance(part, Name) and part.id in scope.variables and scope.variables[part.id].dim > 1
    )


def listed_rows(right: Expr, width: int) -> list[tuple[Expr, ...]] | None:
    """The rows of a list of tuples, such as `[("night", "early"), ("night", "day")]`, if it is one.

    Rows of one label are no tuples: a list of labels says the same.
    """
    if not isinstance(right, Seq) or width < 2:
        return None
    rows = [
        item.items for item in right.items if isinstance(item, Seq) and len(item.items) == width
    ]
    return rows if len(rows) == len(right.items) else None
