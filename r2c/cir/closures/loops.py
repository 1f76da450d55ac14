"""Loops: the members a binder runs over, filtered as early as the condition allows.

A condition such as `i == p` that fixes a loop variable by something known before its loop turns
the loop into a look-up, so that `sum(ship[i,j] for (i,j) in Lanes if i == p)` costs what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from r2c.cir.closures.scope import Closure, Context, Frame, LoopVariable, Scope, Shape, refuse
from r2c.cir.expr import (
    And,
    Binder,
    Call,
    Compare,
    Expr,
    Loop,
    Name,
    Num,
    Seq,
    Text,
    symbols,
)  # fmt: skip
from r2c.cir.members import Key, Members, label
from r2c.cir.write import write_binder
from r2c.errors import CIRError, counted, declare

REBOUND = declare(
    "R2C-C238", CIRError,
    what="The loop variable {name!r} of `{loops}` is already bound outside.",
    why="It could mean every member or only those with the outer {name!r}.",
    remedy="Use a new name, and add `if new_name == {name}` where only those are meant.",
)  # fmt: skip
TOO_MANY = declare(
    "R2C-C239", CIRError,
    what="`{loops}` runs over {size} combinations; the limit is {limit}.",
    why="Larger loops would take minutes and gigabytes before anything is solved.",
    remedy="Loop over a sparse set of the combinations that matter.",
)  # fmt: skip

MAX_COMBINATIONS = 20_000_000

Iterate = Callable[[Frame], Iterator[None]]


@dataclass(frozen=True)
class _Level:
    """One loop: where its members come from, where they go, and what they must meet."""

    source: Callable[[Frame], Sequence[Key]]
    slots: tuple[int, ...]
    whole: bool
    conditions: tuple[Closure, ...]


def loops(c: Context, binder: Binder, scope: Scope) -> tuple[Iterate, Scope]:
    """Compile a binder: a function that runs the loops within a frame, and the inner scope.

    Raises:
        CIRError: R2C-C225, R2C-C238, R2C-C239 and those of conditions.
    """
    levels, scope, size = _levels(c, binder, scope)
    if size > MAX_COMBINATIONS:
        raise TOO_MANY(loops=write_binder(binder), size=round(size), limit=MAX_COMBINATIONS)
    return _nest(levels), scope


def combinations_of(c: Context, binder: Binder, scope: Scope) -> tuple[float, Scope]:
    """How many members a binder runs over at most for fixed outer variables; the inner scope.

    Raises:
        CIRError: as `loops`, save R2C-C239.
    """
    _, scope, size = _levels(c, binder, scope)
    return size, scope


def _levels(c: Context, binder: Binder, scope: Scope) -> tuple[list[_Level], Scope, float]:
    from r2c.cir.closures.conditions import condition

    _check_names(binder, scope)
    waiting = list(_conjuncts(binder.where))
    levels: list[_Level] = []
    size = 1.0
    for place, loop in enumerate(binder.loops):
        later = {name for after in binder.loops[place + 1 :] for name in after.targets}
        domain = _domain(c, loop, scope)
        outer = scope
        variables = _variables(c, loop, domain.shape, domain.members)
        scope = scope.bind(variables)
        joins: list[tuple[int, Closure]] = []
        conditions: list[Closure] = []
        for test in list(waiting):
            if symbols(test) & later:
                continue
            waiting.remove(test)
            join = _join(c, test, loop, outer, domain)
            if join is not None:
                joins.append(join)
            else:
                conditions.append(condition(c, test, scope))
        slots = tuple(variables[name].slot for name in loop.targets)
        whole = len(slots) == 1 and variables[loop.targets[0]].dim > 1
        source, largest = _source(domain, joins)
        size *= largest
        levels.append(_Level(source, slots, whole, tuple(conditions)))
    return levels, scope, size


def binder_shape(c: Context, binder: Binder) -> Shape:
    """The plain set of each loop variable of a binder, tuple variables flattened."""
    scope = Scope({})
    found: list[Members | None] = []
    for loop in binder.loops:
        domain = _domain(c, loop, scope)
        found.extend(domain.shape)
        scope = scope.bind(_variables(c, loop, domain.shape, domain.members))
    return tuple(found)


def _check_names(binder: Binder, scope: Scope) -> None:
    seen: set[str] = set()
    for loop in binder.loops:
        again = [name for name in loop.targets if name in seen]
        outside = [name for name in loop.targets if name in scope.variables]
        partly = len(loop.targets) > 1 and 0 < len(outside) < len(loop.targets)
        if again or partly:
            raise REBOUND(name=(again or outside)[0], loops=write_binder(binder))
        seen.update(loop.targets)


def _conjuncts(where: Expr | None) -> tuple[Expr, ...]:
    if where is None:
        return ()
    return where.args if isinstance(where, And) else (where,)


def _variables(
    c: Context, loop: Loop, shape: Shape, members: Members | None
) -> dict[str, LoopVariable]:
    if len(loop.targets) == len(shape):
        return {
            name: LoopVariable(c.slot(), part)
            for name, part in zip(loop.targets, shape, strict=True)
        }
    if len(loop.targets) == 1:
        return {loop.targets[0]: LoopVariable(c.slot(), members, len(shape))}
    raise refuse(
        loop.domain, f"its members have {counted(len(shape), 'part')}, not {len(loop.targets)}"
    )


@dataclass(frozen=True)
class _Domain:
    """What one loop runs over: fixed keys, or keys that depend on outer loop variables."""

    keys: tuple[Key, ...]
    shape: Shape
    members: Members | None = None
    moving: Callable[[Frame], list[Key]] | None = None


def _domain(c: Context, loop: Loop, scope: Scope) -> _Domain:
    match loop.domain:
        case Name(name):
            members = c.members(name)
            if members is None:
                raise refuse(loop.domain, "a loop runs over a set or a list")
            return _Domain(members.keys, c.components(members), members)
        case Call("pairs", (Name(name),)) if c.members(name) is not None:
            members = c.members(name)
            assert members is not None
            part = c.components(members)
            return _Domain(tuple(a + b for a, b in combinations(members.keys, 2)), part + part)
        case Call("nonzero", (Name(name),)) if name in c.instance.parameters:
            table = c.instance.parameters[name]
            shape = tuple(part for over in table.over for part in c.components(over))
            return _Domain(tuple(key for key in table if table[key] != 0), shape)
        case Seq(items):
            return _list_domain(c, items, scope)
    raise refuse(loop.domain, "a loop runs over a set, a list, pairs(set) or nonzero(parameter)")


def _list_domain(c: Context, items: tuple[Expr, ...], scope: Scope) -> _Domain:
    from r2c.cir.closures.elements import constant, home, key_part

    if any(isinstance(item, Seq) for item in items):
        rows = [item.items if isinstance(item, Seq) else (item,) for item in items]
        if len({len(row) for row in rows}) != 1 or not all(
            isinstance(part, Num | Text) for row in rows for part in row
        ):
            raise refuse(Seq(items), "a list of tuples holds tuples of labels of one length")
        keys = tuple(tuple(constant(part, None) for part in row) for row in rows)
        return _Domain(keys, (None,) * len(rows[0]))
    if all(isinstance(item, Num | Text) for item in items):
        return _Domain(tuple((constant(item, None),) for item in items), (None,))
    homes = {home(c, item, scope) for item in items}
    members = homes.pop() if len(homes) == 1 else None
    parts = [key_part(c, item, scope.for_data(), members) for item in items]
    places: tuple[Key, ...] = tuple((place,) for place in range(len(parts)))
    return _Domain(places, (members,), members, lambda frame: [(part(frame),) for part in parts])


def _join(
    c: Context, test: Expr, loop: Loop, outer: Scope, domain: _Domain
) -> tuple[int, Closure] | None:
    """The position of the loop's members that a condition fixes, and the value it is fixed to."""
    from r2c.cir.closures.elements import home, key_part

    if not isinstance(test, Compare) or test.ops != ("==",):
        return None
    if domain.moving is not None or len(loop.targets) != len(domain.shape):
        return None
    for own, other in (test.args, test.args[::-1]):
        if not isinstance(own, Name) or own.id not in loop.targets:
            continue
        if not isinstance(other, Name) or symbols(other) & set(loop.targets):
            continue
        place = loop.targets.index(own.id)
        if other.id in outer.variables and home(c, other, outer) is not None:
            return place, _label_of(key_part(c, other, outer, None))
    return None


def _label_of(part: Closure) -> Closure:
    return lambda frame: label(part(frame))


def _source(
    domain: _Domain, joins: list[tuple[int, Closure]]
) -> tuple[Callable[[Frame], Sequence[Key]], float]:
    """Where a loop's members come from, and how many there are at most."""
    keys = domain.keys
    if domain.moving is not None:
        return domain.moving, float(len(keys))
    if not joins:
        return (lambda frame: keys), float(len(keys))
    places = [place for place, _ in joins]
    values = [value for _, value in joins]
    buckets: dict[tuple[str, ...], list[Key]] = {}
    for key in keys:
        buckets.setdefault(tuple([label(key[place]) for place in places]), []).append(key)
    empty: list[Key] = []
    largest = max(map(len, buckets.values()), default=0)
    return (lambda frame: buckets.get(tuple([value(frame) for value in values]), empty)), float(
        largest
    )


def _nest(levels: list[_Level]) -> Iterate:
    run: Iterate = _innermost
    for level in reversed(levels):
        run = _around(level, run)
    return run


def _innermost(frame: Frame) -> Iterator[None]:
    yield None


def _around(level: _Level, inner: Iterate) -> Iterate:
    source, slots, whole, tests = level.source, level.slots, level.whole, level.conditions
    single = slots[0] if len(slots) == 1 else -1
    last = inner is _innermost

    def run(frame: Frame) -> Iterator[None]:
        for key in source(frame):
            if whole:
                frame[single] = key
            elif single >= 0:
                frame[single] = key[0]
            else:
                for slot, value in zip(slots, key, strict=True):
                    frame[slot] = value
            # In written order and no further than needed: early conditions guard later ones.
            if tests and not all(test(frame) for test in tests):
                continue
            if last:
                yield None
            else:
                yield from inner(frame)

    return run
