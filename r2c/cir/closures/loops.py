"""Loops: the members a binder runs over, filtered as early as the condition allows.

A condition such as `i == p` that fixes a loop variable by something known before its loop turns
the loop into a look-up, so that `sum(ship[i,j] for (i,j) in Lanes if i == p)` costs what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from r2c.cir.closures.domains import Domain, domain_of, loop_variables
from r2c.cir.closures.scope import Closure, Context, Frame, Scope, Shape
from r2c.cir.expr import (
    And,
    Binder,
    Compare,
    Expr,
    Loop,
    Name,
    symbols,
)  # fmt: skip
from r2c.cir.members import Key, Members, label
from r2c.cir.write import write_binder
from r2c.errors import CIRError, declare

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
MANY = 1000
"""Groups among at least so many members are counted on arrays."""

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

    check_names(binder, scope)
    waiting = list(conjuncts(binder.where))
    levels: list[_Level] = []
    size = 1.0
    for number, loop in enumerate(binder.loops, start=1):
        later = {name for after in binder.loops[number:] for name in after.targets}
        domain = domain_of(c, loop, scope)
        by_parts = domain.moving is None and len(loop.targets) == len(domain.shape)
        outer = scope
        variables = loop_variables(c, loop, domain.shape, domain.members)
        scope = scope.bind(variables)
        joins: list[tuple[int, Closure]] = []
        conditions: list[Closure] = []
        for test in list(waiting):
            if symbols(test) & later:
                continue
            waiting.remove(test)
            fixed = fixed_place(c, test, loop, outer) if by_parts else None
            if fixed is not None:
                place, other = fixed
                joins.append((place, _value_of(c, other, outer)))
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
        domain = domain_of(c, loop, scope)
        found.extend(domain.shape)
        scope = scope.bind(loop_variables(c, loop, domain.shape, domain.members))
    return tuple(found)


def check_names(binder: Binder, scope: Scope) -> None:
    """Refuse loop variables that could mean two things.

    Raises:
        CIRError: R2C-C238.
    """
    seen: set[str] = set()
    for loop in binder.loops:
        again = [name for name in loop.targets if name in seen]
        outside = [name for name in loop.targets if name in scope.variables]
        partly = len(loop.targets) > 1 and 0 < len(outside) < len(loop.targets)
        if again or partly:
            raise REBOUND(name=(again or outside)[0], loops=write_binder(binder))
        seen.update(loop.targets)


def conjuncts(where: Expr | None) -> tuple[Expr, ...]:
    """The conditions that must all hold, in written order."""
    if where is None:
        return ()
    return where.args if isinstance(where, And) else (where,)


def fixed_place(c: Context, test: Expr, loop: Loop, outer: Scope) -> tuple[int, Name] | None:
    """The position of the loop's members that a condition fixes, and what it is fixed to.

    None if the condition is no such equation with a loop variable from outside.
    """
    from r2c.cir.closures.elements import home

    if not isinstance(test, Compare) or test.ops != ("==",):
        return None
    for own, other in (test.args, test.args[::-1]):
        if not isinstance(own, Name) or own.id not in loop.targets:
            continue
        if not isinstance(other, Name) or symbols(other) & set(loop.targets):
            continue
        if other.id in outer.variables and home(c, other, outer) is not None:
            return loop.targets.index(own.id), other
    return None


def _value_of(c: Context, other: Name, outer: Scope) -> Closure:
    from r2c.cir.closures.elements import key_part

    part = key_part(c, other, outer, None)
    return lambda frame: label(part(frame))


class _Buckets:
    """The members of a loop by their values at some positions, sorted out when first asked for."""

    def __init__(self, domain: Domain, places: Sequence[int]) -> None:
        self._domain = domain
        self._places = places

    @cached_property
    def _by_value(self) -> dict[tuple[str, ...], list[Key]]:
        found: dict[tuple[str, ...], list[Key]] = {}
        for key in self._domain.keys:
            found.setdefault(tuple([label(key[place]) for place in self._places]), []).append(key)
        return found

    def get(self, values: tuple[str, ...]) -> Sequence[Key]:
        """The members with these values."""
        return self._by_value.get(values, ())

    def largest(self) -> int:
        """How many members have the same values at most."""
        members = self._domain.members
        if members is not None and len(members) >= MANY:
            from r2c.cir.arrays.groups import largest_group  # it needs NumPy

            found = largest_group(members, self._domain.shape, tuple(self._places))
            if found is not None:
                return found
        return max(map(len, self._by_value.values()), default=0)


def _source(
    domain: Domain, joins: list[tuple[int, Closure]]
) -> tuple[Callable[[Frame], Sequence[Key]], float]:
    """Where a loop's members come from, and how many there are at most."""
    keys = domain.keys
    if domain.moving is not None:
        return domain.moving, float(len(keys))
    if not joins:
        return (lambda frame: keys), float(len(keys))
    values = [value for _, value in joins]
    buckets = _Buckets(domain, [place for place, _ in joins])
    return (lambda frame: buckets.get(tuple([value(frame) for value in values]))), float(
        buckets.largest()
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
