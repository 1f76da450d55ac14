"""Conditions on data for many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from r2c.cir.arrays.codes import Codes, Ints, Masks, crossed
from r2c.cir.arrays.elements import data_number, key_codes, label_ids, position
from r2c.cir.arrays.frame import Frame
from r2c.cir.arrays.index import part_positions
from r2c.cir.arrays.space import Space
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.closures.conditions import (
    OPERATORS,
    as_text,
    common_order,
    compares_labels,
    is_label,
    is_wide,
    listed_rows,
)
from r2c.cir.closures.elements import constant, home
from r2c.cir.closures.scope import Scope
from r2c.cir.expr import And, Call, Compare, CompareOp, Expr, Name, Not, Num, Or, Seq, Text
from r2c.cir.members import Members

Holds = Masks | bool


def condition(space: Space, expr: Expr, scope: Scope, frame: Frame) -> Masks:
    """In which rows a condition holds.

    Later parts are looked at in those rows only that need them: the early ones guard them.
    """
    scope = scope.for_data()
    match expr:
        case And(args):
            return _in_turn(space, args, scope, frame, until=False)
        case Or(args):
            return _in_turn(space, args, scope, frame, until=True)
        case Not(arg):
            return ~condition(space, arg, scope, frame)
        case Call("implies", (first, second)):
            return _in_turn(space, (Not(first), second), scope, frame, until=True)
        case Compare(ops, args):
            pairs = zip(ops, args, args[1:], strict=False)
            links = [Compare((op,), (left, right)) for op, left, right in pairs]
            if len(links) > 1:
                return _in_turn(space, links, scope, frame, until=False)
            return _mask(_link(space, ops[0], args[0], args[1], scope, frame), frame)
    value = data_number(space, expr, scope, frame)
    return _mask(value != 0, frame)


def _in_turn(
    space: Space, parts: Sequence[Expr], scope: Scope, frame: Frame, *, until: bool
) -> Masks:
    """Whether all parts hold, or any; each is asked only in the rows that are still open."""
    found = condition(space, parts[0], scope, frame)
    for part in parts[1:]:
        open_ = np.flatnonzero(found != until)
        if not len(open_):
            break
        if len(open_) == frame.size:
            found = condition(space, part, scope, frame)
        else:
            found = found.copy()
            found[open_] = condition(space, part, scope, frame.take(open_))
    return found


def _mask(holds: Holds | np.bool_, frame: Frame) -> Masks:
    if np.ndim(holds) == 0:
        return np.full(frame.size, bool(holds))
    return np.asarray(holds)


def _link(
    space: Space, op: CompareOp, left: Expr, right: Expr, scope: Scope, frame: Frame
) -> Holds:
    c = space.context
    if op in ("in", "not in"):
        inside = _membership(space, left, right, scope, frame)
        return inside if op == "in" else ~np.asarray(inside)
    apply = OPERATORS[op]
    if isinstance(left, Seq) or isinstance(right, Seq):
        raise Unvectorised("a comparison of lists")
    members = common_order(c, left, right, scope)
    if members is not None:
        return _by_position(space, apply, op, (left, right), scope, frame, members)
    if op in ("==", "!=") and compares_labels(c, left, right, scope):
        known: dict[str, int] = {}
        first = _labelled(space, left, scope, frame, home(c, right, scope), known)
        second = _labelled(space, right, scope, frame, home(c, left, scope), known)
        return apply(first, second)
    one = data_number(space, left, scope, frame)
    return apply(one, data_number(space, right, scope, frame))


def _by_position(
    space: Space,
    apply: Callable[[object, object], bool],
    op: CompareOp,
    sides: tuple[Expr, Expr],
    scope: Scope,
    frame: Frame,
    members: Members,
) -> Holds:
    first, second = (position(space, as_text(side, scope), scope, frame, members) for side in sides)
    if first is None or second is None:
        raise Unvectorised("a comparison of members of different sets")
    if members.cyclic and op in ("==", "!="):
        return apply((first - second) % max(len(members), 1), 0)
    return apply(first, second)


def _labelled(
    space: Space,
    expr: Expr,
    scope: Scope,
    frame: Frame,
    members: Members | None,
    known: dict[str, int],
) -> Ints | int:
    """The label in each row, as a number that is the same for equal labels."""
    from r2c.cir.members import label

    if isinstance(expr, Text | Num) or is_label(space.context, expr, members):
        text = label(constant(as_text(expr, scope), members))
        return known.setdefault(text, len(known))
    return label_ids(*key_codes(space, expr, scope, frame, None), known)


def _membership(space: Space, left: Expr, right: Expr, scope: Scope, frame: Frame) -> Holds:
    parts = left.items if isinstance(left, Seq) else (left,)
    members = space.context.members(right.id) if isinstance(right, Name) else None
    if members is not None:
        found = _among(space, parts, members, scope, frame)
        return np.asarray(found) >= 0
    if isinstance(right, Seq) and len(parts) == 1:
        known: dict[str, int] = {}
        wanted = home(space.context, left, scope)
        value = _labelled(space, left, scope, frame, None, known)
        same: Holds = False
        for item in right.items:
            same = same | (value == _labelled(space, item, scope, frame, wanted, known))
        return same
    wide = any(is_wide(part, scope) for part in parts)
    if not wide and (rows := listed_rows(right, len(parts))) is not None:
        return _among_listed(space, parts, rows, scope, frame)
    raise Unvectorised("membership in neither a set nor a list")


def _among_listed(
    space: Space,
    parts: tuple[Expr, ...],
    rows: list[tuple[Expr, ...]],
    scope: Scope,
    frame: Frame,
) -> Holds:
    """Whether a key is one of the written rows, compared label by label."""
    sides = []
    for part in parts:
        known: dict[str, int] = {}  # one numbering of labels for a part and what it is held to
        wanted = home(space.context, part, scope)
        sides.append((_labelled(space, part, scope, frame, None, known), wanted, known))
    found = np.zeros(frame.size, bool)
    for row in rows:
        same = np.ones(frame.size, bool)
        for item, (value, wanted, known) in zip(row, sides, strict=True):
            same &= value == _labelled(space, item, scope, frame, wanted, known)
        found |= same
    return found


def _among(
    space: Space, parts: tuple[Expr, ...], members: Members, scope: Scope, frame: Frame
) -> Codes:
    """The position of a key among a set's members by its labels, -1 where it is none."""
    part_of = space.part(members)
    places = part_of.places
    codes: list[Codes] = []
    for part in parts:
        found, own = key_codes(space, part, scope, frame, None)
        if own.dim == 1:
            codes.append(found)
            own_parts = [own]
        else:
            if own is members and len(parts) == 1:
                return found
            columns = space.places(own)
            codes.extend(column.at(found) for column in columns)
            own_parts = [column.members for column in columns]
        first = len(codes) - len(own_parts)
        for number, source in enumerate(own_parts, start=first):
            if number >= len(places):
                raise Unvectorised("a key of another length")
            codes[number] = crossed(codes[number], source, places[number].members)
    if len(codes) != len(places):
        raise Unvectorised("a key of another length")
    return part_positions(part_of, codes)
