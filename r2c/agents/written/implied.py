"""What goes without saying in rules: loops, the ends of orders, which pairs there are.

A name of a member that no loop binds stands for each member. A lag keeps away from the end of its
order, in a rule and inside each sum, unless a condition there speaks of it. Symbols over the pairs
of a table are met at these pairs only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from r2c.agents.formal import Formal
from r2c.agents.written.nouns import Axis, Nouns
from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Name,
    Neg,
    Num,
    Seq,
    symbols,
)
from r2c.model.rename import map_children

Bound = Mapping[str, Axis | None]
"""Loop variables, each with the set it runs over, if that is known."""


@dataclass(frozen=True)
class Need:
    """A condition without which a term has no meaning, and the variables that it is about."""

    condition: Expr
    about: frozenset[str]
    lag: bool


def forall(item: Formal, nouns: Nouns, operands: Sequence[Expr]) -> Binder | None:
    """The members for which a rule holds: as written, or each of what it leaves free."""
    loops = [] if item.loops is None else list(item.loops.loops)
    bound = {name for loop in loops for name in loop.targets}
    conditions = [] if item.loops is None or item.loops.where is None else [item.loops.where]
    conditions += [] if item.condition is None else [item.condition]
    free = _free([*operands, *conditions], nouns)
    loops += _loops([name for name in free if name not in bound], nouns)
    if not loops:
        return None
    known = _bound(loops, nouns)
    needs = [need for expr in operands for need in _needs(expr, known, nouns)[1]]
    return Binder(tuple(loops), _where(conditions, needs, loops))


def guarded(expr: Expr, nouns: Nouns) -> Expr:
    """An expression whose sums keep to what there is."""
    return _needs(expr, {}, nouns)[0]


def summed(expr: Expr, nouns: Nouns) -> Expr:
    """An objective with each term summed over the members that it leaves free."""
    if isinstance(expr, Add):
        return Add(tuple(summed(term, nouns) for term in expr.terms))
    if isinstance(expr, Neg):
        return Neg(summed(expr.term, nouns))
    free = _free([expr], nouns)
    if not free:
        return guarded(expr, nouns)
    return guarded(Fold("sum", expr, Binder(tuple(_loops(free, nouns)))), nouns)


def plainly(item: Formal, nouns: Nouns) -> Formal:
    """A rule without the loops that its free names say as well."""
    if item.loops is None or item.loops.where is not None:
        return item
    used = {name for _, expr in item.operands for name in symbols(expr)}
    for loop in item.loops.loops:
        axis = nouns.axes.get(loop.targets[0]) if len(loop.targets) == 1 else None
        if axis is None or loop.domain != Name(axis.set) or axis.name not in used:
            return item
    return Formal(item.first, item.last, item.archetype, item.operands, None, item.condition)


def _free(exprs: Sequence[Expr], nouns: Nouns) -> list[str]:
    """The names of members that no loop binds, in the order of the sets."""
    used = {name for expr in exprs for name in symbols(expr)}
    return [name for name in nouns.axes if name in used]


def _loops(names: Sequence[str], nouns: Nouns) -> list[Loop]:
    """Loops over the sets of some names; pairs of a table are run through as pairs."""
    left, loops = list(names), []
    for space in nouns.data.spaces:
        if space.sparse and set(space.axes) <= set(left):
            loops.append(Loop(space.axes, Name(space.over[0])))
            left = [name for name in left if name not in space.axes]
    return [*loops, *(Loop((name,), Name(nouns.axes[name].set)) for name in left)]


def _bound(loops: Sequence[Loop], nouns: Nouns) -> dict[str, Axis | None]:
    by_set = {axis.set: axis for axis in nouns.axes.values()}
    found: dict[str, Axis | None] = {}
    for loop in loops:
        axis = by_set.get(loop.domain.id) if isinstance(loop.domain, Name) else None
        for target in loop.targets:
            found[target] = axis if len(loop.targets) == 1 else nouns.axes.get(target)
    return found


def _where(conditions: Sequence[Expr], needs: Sequence[Need], loops: Sequence[Loop]) -> Expr | None:
    """The conditions as written, and what else is needed of the loops' variables."""
    spoken = {name for condition in conditions for name in symbols(condition)}
    pairs = {loop.targets for loop in loops if len(loop.targets) > 1}
    own = {name for loop in loops for name in loop.targets}
    more = [
        need.condition
        for need in needs
        if need.about & own
        and not (need.lag and need.about & spoken)
        and not any(need.about == set(targets) for targets in pairs)
    ]
    every = list(dict.fromkeys([*conditions, *more]))
    if not every:
        return None
    return every[0] if len(every) == 1 else And(tuple(every))


def _needs(expr: Expr, bound: Bound, nouns: Nouns) -> tuple[Expr, list[Need]]:
    """The expression with its sums guarded, and what it needs of the variables around it."""
    found: list[Need] = []

    def inside(child: Expr) -> Expr:
        made, needs = _needs(child, bound, nouns)
        found.extend(needs)
        return made

    match expr:
        case Fold(op, body, binder):
            body, binder, needs = _loop(body, binder, bound, nouns, listed=False)
            return Fold(op, body, binder), needs
        case Each(body, binder):
            body, binder, needs = _loop(body, binder, bound, nouns, listed=True)
            return Each(body, binder), needs
        case Item(base, keys):
            found += [need for key in keys for need in _lag(key, bound)]
            found += _pair(base, keys, nouns)
    return map_children(expr, inside), found


def _loop(
    body: Expr, binder: Binder, bound: Bound, nouns: Nouns, *, listed: bool
) -> tuple[Expr, Binder, list[Need]]:
    own = _bound(binder.loops, nouns)
    made, needs = _needs(body, {**bound, **own}, nouns)
    # A list keeps its places: leaving out a member would move all that follow.
    here = [need for need in needs if need.about & own.keys() and not (listed and need.lag)]
    outer = [need for need in needs if not need.about & own.keys()]
    conditions = [] if binder.where is None else [binder.where]
    return made, Binder(binder.loops, _where(conditions, here, binder.loops)), outer


def _lag(key: Expr, bound: Bound) -> Iterator[Need]:
    """What `day-1` needs of the day."""
    match key:
        case Add((Name(name), Num(value))):
            steps = int(value)
        case Add((Name(name), Neg(Num(value)))):
            steps = -int(value)
        case _:
            return
    axis = bound.get(name)
    if axis is None or not axis.ordered or steps == 0:
        return
    ordered = Name(axis.set)
    if abs(steps) == 1:
        end = Call("first" if steps < 0 else "last", (ordered,))
        condition = Compare(("!=",), (Name(name), end))
    elif steps < 0:
        condition = Compare((">",), (Call("ord", (Name(name),)), Num(float(-steps))))
    else:
        room = Add((Call("len", (ordered,)), Num(float(-steps))))
        condition = Compare(("<=",), (Call("ord", (Name(name),)), room))
    yield Need(condition, frozenset((name,)), lag=True)


def _pair(base: str, keys: Sequence[Expr], nouns: Nouns) -> Iterator[Need]:
    """That a pair of members is one of a table, where a symbol runs over its pairs only."""
    over = nouns.decided.get(base, nouns.given.get(base))
    space = next((one for one in nouns.data.spaces if one.sparse and one.axes == over), None)
    about = frozenset(name for key in keys for name in symbols(key))
    if space is not None and about:
        pair = Compare(("in",), (Seq(tuple(keys)), Name(space.over[0])))
        yield Need(pair, about, lag=False)
