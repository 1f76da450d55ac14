"""Index keys: loop variables, labels, and lags by position in an ordered set.

`t-1` moves by position in the set that the index position runs over if `t` is a member of it,
else in the set that `t` runs over. Beyond either end a cyclic set wraps around; any other is a
fault (R2C-C228): a term outside the horizon is never silently zero, the rule's filter must say
that it is not meant.
"""

from __future__ import annotations

from r2c.cir.closures.numbers import number
from r2c.cir.closures.scope import Closure, Context, Frame, Scope, refuse
from r2c.cir.expr import Add, Call, Expr, Name, Num, Text
from r2c.cir.members import Members, element, label
from r2c.cir.schema import Element
from r2c.cir.write import write
from r2c.errors import CIRError, declare

OUT_OF_HORIZON = declare(
    "R2C-C228", CIRError,
    what="{key!r} is outside the set {name!r}: position {position} of 1 to {size}.",
    why="A lag or lead that leaves the set has no value, and the set is not cyclic.",
    remedy="Keep the rule to the members where it exists, such as `if t != first({name})`, and "
    "write the start as a rule of its own.",
)  # fmt: skip
NOT_ORDERED = declare(
    "R2C-C229", CIRError,
    what="{key!r} needs an order, but the set {name!r} has none.",
    why="Lags, first, last, ord, prev and next count positions in an ordered or time set.",
    remedy="Declare the set as ordered, or use labels.",
)  # fmt: skip
NOT_A_MEMBER = declare(
    "R2C-C230", CIRError,
    what="{key!r} is not a member of {name!r}.",
    why="Its members are {known}.",
    remedy="Correct the label; for a position use ord(...), first(...) or last(...).",
)  # fmt: skip

STEPS = {"prev": -1, "next": 1}


def is_element(c: Context, expr: Expr, scope: Scope) -> bool:
    """Whether an expression stands for a set member rather than for a number."""
    match expr:
        case Text():
            return True
        case Name(name):
            return name in scope.variables
        case Call("first" | "last" | "prev" | "next"):
            return True
        case Add(terms):
            return lag_base(c, terms, scope) is not None
    return False


def home(c: Context, expr: Expr, scope: Scope) -> Members | None:
    """The set that an element expression runs over, if known."""
    match expr:
        case Name(name) if name in scope.variables:
            return scope.variables[name].members
        case Call("first" | "last", (Name(name),)):
            return c.members(name)
        case Call("prev" | "next", (inner,)):
            return home(c, inner, scope)
        case Add(terms):
            base = lag_base(c, terms, scope)
            return None if base is None else home(c, base, scope)
    return None


def lag_base(c: Context, terms: tuple[Expr, ...], scope: Scope) -> Expr | None:
    """The term of a sum that is moved by the others, `t` in `t - 1`; None if none is."""
    for term in terms:
        if is_element(c, term, scope):
            members = home(c, term, scope)
            if members is not None and members.ordered:
                return term
    return None


def constant(expr: Expr, members: Members | None) -> Element:
    """The member that a written label names.

    Raises:
        CIRError: R2C-C230 if the set has no such member.
    """
    raw = expr.value if isinstance(expr, Num | Text) else write(expr)
    if members is None or members.dim > 1:
        return element(raw)
    found = members.element_by_label.get(label(raw))
    if found is None:
        raise NOT_A_MEMBER(key=raw, name=members.name, known=_some(members))
    return found


def _some(members: Members) -> list[object]:
    shown: list[object] = [key[0] if members.dim == 1 else list(key) for key in members.keys[:12]]
    return [*shown, "..."] if len(members) > len(shown) else shown


def key_part(c: Context, expr: Expr, scope: Scope, wanted: Members | None) -> Closure:
    """One index position as a closure that gives a set element.

    Raises:
        CIRError: R2C-C228 to R2C-C230 and those of `number`, some only when called.
    """
    match expr:
        case Text() | Num():
            value = constant(expr, wanted)
            return lambda frame: value
        case Name(name) if name in scope.variables:
            slot = scope.variables[name].slot
            return lambda frame: frame[slot]
        case Name(name) if is_unquoted(c, name, wanted):
            value = constant(expr, wanted)
            return lambda frame: value
    if is_element(c, expr, scope):
        return _moved(c, expr, scope, wanted)
    amount = number(c, expr, scope.for_data())
    lookup = {} if wanted is None else wanted.element_by_label

    def by_value(frame: Frame) -> Element:
        value = amount(frame)
        found = lookup.get(label(value)) if wanted is not None else element(value)
        if found is None:
            assert wanted is not None
            raise NOT_A_MEMBER(key=value, name=wanted.name, known=_some(wanted))
        return found

    return by_value


def is_unquoted(c: Context, name: str, wanted: Members | None) -> bool:
    """Whether a name is nothing but the label of a member, written without quotes."""
    known = name in c.instance.parameters or name in c.values or name in c.definitions
    return not known and wanted is not None and name in wanted.element_by_label


def _moved(c: Context, expr: Expr, scope: Scope, wanted: Members | None) -> Closure:
    own = home(c, expr, scope)
    sets = [members for members in (wanted, own) if members is not None and members.ordered]
    if not sets:
        name = own.name if own is not None else "?" if wanted is None else wanted.name
        raise NOT_ORDERED(key=write(expr), name=name)
    tries = [(members, position(c, expr, scope, members)) for members in dict.fromkeys(sets)]

    def moved(frame: Frame) -> Element:
        for members, place in tries:
            where = place(frame)
            if where is None:
                continue
            if members.cyclic:
                where %= len(members)
            if not 0 <= where < len(members):
                raise OUT_OF_HORIZON(
                    key=write(expr), name=members.name, position=where + 1, size=len(members)
                )
            return members.elements[where]
        raise NOT_A_MEMBER(key=write(expr), name=sets[0].name, known=_some(sets[0]))

    return moved


def position(c: Context, expr: Expr, scope: Scope, members: Members) -> Closure:  # noqa: C901
    """The position of an element in a set, counted from 0 and possibly outside; None if foreign.

    Raises:
        CIRError: R2C-C229 if the set has no order, R2C-C230 for an unknown label.
    """
    if members.dim > 1:
        raise refuse(expr, f"the set {members.name!r} has tuples as members")
    places, by_label = members.places, members.element_by_label
    match expr:
        case Text() | Num():
            fixed = places[constant(expr, members)]
            return lambda frame: fixed
        case Call("first" | "last" as which, (Name(name),)) if c.members(name) is not None:
            source = c.members(name)
            assert source is not None
            if not source.ordered:
                raise NOT_ORDERED(key=write(expr), name=name)
            if not len(source):
                raise refuse(expr, f"the set {name!r} is empty")
            end = by_label.get(label(source.elements[0 if which == "first" else -1]))
            at = None if end is None else places[end]
            return lambda frame: at
        case Call("prev" | "next" as which, (inner,)):
            start, step = position(c, inner, scope, members), STEPS[which]
            return lambda frame: None if (at := start(frame)) is None else at + step
        case Add(terms) if (base := lag_base(c, terms, scope)) is not None:
            return _shifted(c, terms, base, scope, members)
    if not is_element(c, expr, scope):
        raise refuse(expr, "a set member is expected")
    slot = scope.variables[expr.id].slot if isinstance(expr, Name) else -1

    def place(frame: Frame) -> int | None:
        value = frame[slot]
        at = places.get(value)
        if at is None:
            own = by_label.get(label(value))
            return None if own is None else places[own]
        return at

    if slot < 0:
        raise refuse(expr, "a set member is expected")
    return place


def _shifted(
    c: Context, terms: tuple[Expr, ...], base: Expr, scope: Scope, members: Members
) -> Closure:
    start = position(c, base, scope, members)
    place = terms.index(base)
    others = [number(c, term, scope.for_data()) for k, term in enumerate(terms) if k != place]

    def shifted(frame: Frame) -> int | None:
        at = start(frame)
        if at is None:
            return None
        steps = sum(other(frame) for other in others)
        if steps != int(steps):
            raise refuse(Add(terms), f"a lag is a whole number of positions, not {steps}")
        return int(at + steps)

    return shifted
