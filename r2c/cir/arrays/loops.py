"""Loops run in many rows at once, filtered as early as the condition allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from r2c.cir.arrays.codes import Codes, Ints, Place, crossed, listed, mixed
from r2c.cir.arrays.conditions import condition
from r2c.cir.arrays.elements import key_codes
from r2c.cir.arrays.frame import Counted, Frame, Level, level_of
from r2c.cir.arrays.groups import grouped
from r2c.cir.arrays.space import WIDEST, Space
from r2c.cir.arrays.tables import nonzero_members
from r2c.cir.arrays.unvectorised import TooWide, Unvectorised
from r2c.cir.closures.domains import domain_of, loop_variables
from r2c.cir.closures.elements import constant
from r2c.cir.closures.loops import MAX_COMBINATIONS, check_names, conjuncts, fixed_place
from r2c.cir.closures.scope import LoopVariable, Scope
from r2c.cir.expr import Binder, Call, Expr, Loop, Name, Num, Seq, Text, symbols
from r2c.cir.members import Key, Members

_TOO_MANY = "a loop over too many combinations"


@dataclass(frozen=True)
class _Source:
    """What a loop runs over; in `moving` the members of each row, where they differ."""

    level: Level
    members: Members | None = None
    moving: Sequence[Codes] | None = None


def run(space: Space, binder: Binder, scope: Scope, frame: Frame) -> tuple[Frame, Scope]:
    """The frame with a row for every member that the loops run over, row by row; the inner scope.

    Raises:
        Unvectorised: if the loops are not of a known kind, or fail.
        TooWide: if so many rows at once need too much memory.
        CIRError: R2C-C225, R2C-C238 and the faults of conditions.
    """
    check_names(binder, scope)
    waiting = list(conjuncts(binder.where))
    combined = 1.0
    widest = WIDEST if frame.size > 1 else MAX_COMBINATIONS
    for number, loop in enumerate(binder.loops, start=1):
        later = {name for after in binder.loops[number:] for name in after.targets}
        source = _source(space, loop, scope, frame)
        outer = scope
        variables = loop_variables(space.context, loop, source.level.shape, source.members)
        scope = scope.bind(variables)
        ready = [test for test in waiting if not symbols(test) & later]
        waiting = [test for test in waiting if symbols(test) & later]
        by_parts = source.moving is None and len(loop.targets) == len(source.level.places)
        fixed = {
            place: found
            for place, test in enumerate(ready)
            if by_parts and (found := fixed_place(space.context, test, loop, outer)) is not None
        }
        frame, largest = _run(source, variables, loop, list(fixed.values()), outer, frame, widest)
        combined *= largest
        if combined > MAX_COMBINATIONS:
            raise Unvectorised(_TOO_MANY)
        for place, test in enumerate(ready):
            if place not in fixed:
                holds = condition(space, test, scope, frame)
                frame = frame if holds.all() else frame.take(holds)
    return frame, scope


def _source(space: Space, loop: Loop, scope: Scope, frame: Frame) -> _Source:
    c = space.context
    match loop.domain:
        case Name(name) if (members := c.members(name)) is not None:
            return _Source(_level(space, members), members)
        case Call("pairs", (Name(name),)) if (members := c.members(name)) is not None:
            return _pairs(space, members)
        case Call("nonzero", (Name(name),)) if name in c.instance.parameters:
            return _Source(nonzero_members(space, c.instance.parameters[name]))
        case Seq(items) if not any(isinstance(item, Seq | Num | Text) for item in items):
            return _moving(space, items, scope, frame)
        case Seq(items) if all(isinstance(item, Num | Text) for item in items):
            values = [constant(item, None) for item in items]
            own = listed(values)
            codes = np.array([own.places[value] for value in values], np.int64)
            return _Source(level_of((Place(own, codes),), (None,), len(values)))
    domain = domain_of(c, loop, scope)
    if domain.moving is not None:
        raise Unvectorised("a list of labels and loop variables")
    columns = [listed([key[number] for key in domain.keys]) for number in range(len(domain.shape))]
    places = tuple(
        Place(own, np.array([own.places[key[number]] for key in domain.keys], np.int64))
        for number, own in enumerate(columns)
    )
    return _Source(level_of(places, domain.shape, len(domain.keys)), domain.members)


def _level(space: Space, members: Members) -> Level:
    part = space.part(members)
    return Level(len(members), part.places, part.shape, members)


def _pairs(space: Space, members: Members) -> _Source:
    size = len(members)
    if size > 4000:
        raise Unvectorised("pairs of a large set")
    chosen = np.array(list(combinations(range(size), 2)), np.int64).reshape(-1, 2)
    places = space.places(members)
    both = tuple(
        Place(place.members, np.asarray(place.at(chosen[:, side])))
        for side in (0, 1)
        for place in places
    )
    part = space.context.components(members)
    return _Source(level_of(both, part + part, len(chosen)))


def _moving(space: Space, items: tuple[Expr, ...], scope: Scope, frame: Frame) -> _Source:
    """A list of loop variables and their neighbours: other members in every row."""
    from r2c.cir.closures.elements import home

    homes = {home(space.context, item, scope) for item in items}
    members = homes.pop() if len(homes) == 1 else None
    if members is None or members.dim > 1:
        raise Unvectorised("a list of members of different sets")
    codes: list[Codes] = []
    for item in items:
        found, own = key_codes(space, item, scope.for_data(), frame, members)
        codes.append(crossed(found, own, members))
    if any(np.any(np.asarray(part) < 0) for part in codes):
        raise Unvectorised("a member of another set")
    return _Source(_level(space, members), members, codes)


def _run(
    source: _Source,
    variables: dict[str, LoopVariable],
    loop: Loop,
    fixed: list[tuple[int, Name]],
    outer: Scope,
    frame: Frame,
    widest: int,
) -> tuple[Frame, int]:
    """The frame after one loop, and how many members it has at most."""
    level = source.level
    slots: dict[int, int | None] = {
        variables[name].slot: None if variables[name].dim > 1 else number
        for number, name in enumerate(loop.targets)
    }
    if source.moving is not None:
        columns = [np.broadcast_to(np.asarray(part), (frame.size,)) for part in source.moving]
        positions = np.stack(columns, axis=1).ravel()
        return frame.run(level, slots, positions, len(columns)), len(columns)
    if not fixed:
        _check_width(frame.size * level.size, widest)
        positions = np.arange(level.size)
        if frame.size != 1:
            positions = np.tile(positions, frame.size)
        return frame.run(level, slots, positions, level.size), level.size
    return _joined(level, slots, fixed, outer, frame, widest)


def _joined(
    level: Level,
    slots: dict[int, int | None],
    fixed: list[tuple[int, Name]],
    outer: Scope,
    frame: Frame,
    widest: int,
) -> tuple[Frame, int]:
    """A loop over those members whose values at some places are those of outer variables."""
    by = tuple(place for place, _ in fixed)
    groups = grouped(level.members, level.places, by)
    wanted: list[Codes] = []
    lost = np.zeros(frame.size, np.bool_)
    for place, other in fixed:
        codes, own = frame.codes(outer.variables[other.id].slot)
        if own.dim > 1:
            raise Unvectorised("a comparison of tuples")
        found = np.asarray(crossed(codes, own, level.places[place].members))
        lost |= found < 0
        wanted.append(found)
    sizes = [len(level.places[place].members) for place in by]
    values = np.broadcast_to(np.asarray(mixed(wanted, sizes), np.int64), (frame.size,))
    if lost.any():
        values = np.where(lost, 0, values)
    begin, counts = groups.find(values)
    counts = np.where(lost, 0, counts)
    total = int(counts.sum())
    _check_width(total, widest)
    ends = np.cumsum(counts)
    shift = begin - (ends - counts)
    at: Ints = np.arange(total)
    if shift[counts > 0].any():  # else the groups stand there as they are wanted
        at += np.repeat(shift, counts)
    positions = at if groups.in_order else groups.order[at]
    return frame.run(level, slots, positions, Counted(counts)), groups.largest


def _check_width(rows: int, widest: int) -> None:
    if rows > widest:
        raise TooWide(_TOO_MANY)


def counts_in(inner: Frame, outer: Frame) -> Ints | int:
    """How many rows of an inner frame come from each row of the outer one."""
    rows = inner.rows_in(outer)
    if rows is None:
        return 1
    if isinstance(rows, int):
        return rows
    if isinstance(rows, Counted):
        return rows.counts
    return np.bincount(rows, minlength=outer.size)


def keys_of(frame: Frame, scope: Scope, targets: Sequence[str]) -> Iterator[Key]:
    """The values of loop variables in each row."""
    columns = []
    for name in targets:
        codes, members = frame.codes(scope.variables[name].slot)
        elements = members.keys if members.dim > 1 else members.elements
        picked = [elements[code] for code in np.asarray(codes).tolist()]
        columns.append(picked if members.dim > 1 else [(item,) for item in picked])
    for parts in zip(*columns, strict=True):
        yield tuple(item for part in parts for item in part)
