"""Index keys of many rows: loop variables, labels, and lags by position in an ordered set."""

from __future__ import annotations

import numpy as np

from r2c.cir.arrays.codes import Codes, Floats, Ints, crossed, kept, listed
from r2c.cir.arrays.form import Form, Number
from r2c.cir.arrays.frame import Frame
from r2c.cir.arrays.space import Space
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.closures.elements import STEPS, constant, home, is_element, is_unquoted, lag_base
from r2c.cir.closures.numbers import as_number
from r2c.cir.closures.scope import Scope
from r2c.cir.expr import Add, Call, Expr, Name, Num, Text
from r2c.cir.members import Members, element, label
from r2c.cir.write import write
from r2c.errors import CIRError

_EXACT = 1 << 17
"""Numbers that set members stand for are whole ones of any size, floats only up to a size."""


def key_codes(
    space: Space, expr: Expr, scope: Scope, frame: Frame, wanted: Members | None
) -> tuple[Codes, Members]:
    """One index position in each row: positions in a set, and that set.

    Raises:
        Unvectorised: if a row has no such member, or only the scalar evaluation can tell.
    """
    c = space.context
    match expr:
        case Name(name) if name in scope.variables:
            return frame.codes(scope.variables[name].slot)
        case Text() | Num():
            return _fixed(expr, wanted)
        case Name(name) if is_unquoted(c, name, wanted):
            return _fixed(expr, wanted)
    if is_element(c, expr, scope):
        return _moved(space, expr, scope, frame, wanted)
    return _by_value(space, expr, scope, frame, wanted)


def _fixed(expr: Expr, wanted: Members | None) -> tuple[Codes, Members]:
    value = constant(expr, wanted)
    if wanted is None or wanted.dim > 1:
        return 0, listed([value])
    return wanted.places[value], wanted


def _by_value(
    space: Space, expr: Expr, scope: Scope, frame: Frame, wanted: Members | None
) -> tuple[Codes, Members]:
    """A member named by a computed number."""
    amount = data_number(space, expr, scope, frame)
    distinct, place = np.unique(np.atleast_1d(amount), return_inverse=True)
    if wanted is None:
        own = listed([element(value) for value in distinct.tolist()])
        codes = np.arange(len(distinct))
    else:
        own, known = wanted, wanted.element_by_label
        found = [known.get(label(value)) for value in distinct.tolist()]
        if None in found:
            raise Unvectorised("a number that is no member")
        codes = np.array([own.places[item] for item in found if item is not None], np.int64)
    picked = codes[place.ravel()]
    return (int(picked[0]) if isinstance(amount, float) else picked), own


def _moved(
    space: Space, expr: Expr, scope: Scope, frame: Frame, wanted: Members | None
) -> tuple[Codes, Members]:
    own = home(space.context, expr, scope)
    sets = [members for members in (wanted, own) if members is not None and members.ordered]
    for members in dict.fromkeys(sets):
        at = position(space, expr, scope, frame, members)
        if at is None:
            continue
        if members.cyclic:
            at = at % max(len(members), 1)
        if np.any(at < 0) or np.any(at >= len(members)):
            raise Unvectorised("a lag that leaves its set")
        return at, members
    raise Unvectorised("a member without order")


def position(  # noqa: C901 - a case per node
    space: Space, expr: Expr, scope: Scope, frame: Frame, members: Members
) -> Codes | None:
    """The position of an element in a set, possibly outside; None if it is foreign in all rows.

    Raises:
        Unvectorised: if it is foreign in some rows, or has no position at all.
    """
    c = space.context
    if members.dim > 1:
        raise Unvectorised("a position among tuples")
    match expr:
        case Text() | Num():
            return members.places[constant(expr, members)]
        case Call("first" | "last" as which, (Name(name),)) if c.members(name) is not None:
            source = c.members(name)
            assert source is not None
            if not source.ordered or not len(source):
                raise Unvectorised("the first or last of no order")
            end = source.elements[0 if which == "first" else -1]
            same = end if source is members else members.element_by_label.get(label(end))
            return None if same is None else members.places[same]
        case Call("prev" | "next" as which, (inner,)):
            start = position(space, inner, scope, frame, members)
            return None if start is None else start + STEPS[which]
        case Add(terms) if (base := lag_base(c, terms, scope)) is not None:
            start = position(space, base, scope, frame, members)
            if start is None:
                return None
            place = terms.index(base)
            others = [term for number, term in enumerate(terms) if number != place]
            return _shifted(space, start, others, scope, frame)
        case Name(name) if name in scope.variables:
            codes, own = frame.codes(scope.variables[name].slot)
            if own.dim > 1:
                raise Unvectorised("a position of a tuple")
            found = crossed(codes, own, members)
            if own is members or not np.any(np.asarray(found) < 0):
                return found
            if np.all(np.asarray(found) < 0):
                return None
            raise Unvectorised("members of different sets")
    raise Unvectorised("a member that is computed")


def _shifted(space: Space, start: Codes, others: list[Expr], scope: Scope, frame: Frame) -> Codes:
    steps: Number = 0.0
    for other in others:
        steps = steps + data_number(space, other, scope, frame)
    whole = np.rint(steps)
    if np.any(whole != steps):
        raise Unvectorised("a lag by a part of a position")
    return start + (whole.astype(np.int64) if np.ndim(whole) else int(whole))


def data_number(space: Space, expr: Expr, scope: Scope, frame: Frame) -> Number:
    """The value of an expression that must not depend on decisions."""
    from r2c.cir.arrays.numbers import number

    value = number(space, expr, scope.for_data(), frame)
    if isinstance(value, Form):
        raise Unvectorised("a decision in a condition or an index")
    return value


def as_numbers(codes: Codes, members: Members) -> Number:
    """The numbers that set members stand for.

    Raises:
        Unvectorised: if one is a label, or so large that rounding could differ.
    """

    def make() -> Floats:
        return np.array([_number(item) for item in members.elements], np.float64)

    found = kept(members, "numbers", make)[codes]
    if not np.all(np.abs(found) <= _EXACT):
        raise Unvectorised("a member that is no small number")
    return float(found) if np.ndim(found) == 0 else found


def _number(item: str | int) -> float:
    try:
        return float(as_number(item, Text(str(item))))
    except CIRError:
        return np.nan


def label_ids(codes: Codes, members: Members, known: dict[str, int]) -> Ints | int:
    """Numbers that are equal where labels are; `known` holds those given out so far."""
    if members.dim > 1:
        raise Unvectorised("a comparison of tuples")
    ids = [known.setdefault(label(item), len(known)) for item in members.elements]
    found = np.array(ids, np.int64)[codes]
    return int(found) if np.ndim(found) == 0 else found


def told(expr: Expr) -> str:
    """An expression for a message of the array evaluator."""
    return f"`{write(expr)}`"
