"""Symbols with and without index in many rows: parameters, decisions and definitions by key."""

from __future__ import annotations

import numpy as np

from r2c.cir.arrays.codes import Codes, Place, crossed, equal_crossing, lowest
from r2c.cir.arrays.elements import key_codes
from r2c.cir.arrays.form import Form, Value, picked
from r2c.cir.arrays.frame import Frame
from r2c.cir.arrays.index import Index, Part, part_positions
from r2c.cir.arrays.loops import run
from r2c.cir.arrays.portions import in_portions
from r2c.cir.arrays.space import Space
from r2c.cir.arrays.tables import table_of
from r2c.cir.arrays.terms import Terms
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.closures.scope import Scope
from r2c.cir.expr import Binder, Expr, Name
from r2c.cir.members import Members
from r2c.cir.schema import Definition


def symbol(space: Space, base: str, keys: tuple[Expr, ...], scope: Scope, frame: Frame) -> Value:
    """The value of `base[keys]` in each row.

    Raises:
        Unvectorised: if some row has no such key, or the symbol is not known.
    """
    c = space.context
    if base in scope.variables:
        raise Unvectorised("a loop variable with an index")
    if base in c.values:
        if scope.data_only:
            raise Unvectorised("a decision in a condition or an index")
        return _columns(space, base, keys, scope, frame)
    parameter = c.instance.parameters.get(base)
    if parameter is not None:
        table = table_of(space, parameter)
        return table.at(_found(space, Index.whole(table.parts), keys, scope, frame))
    definition = c.definitions.get(base)
    if definition is not None:
        return _defined(space, definition, keys, scope, frame)
    raise Unvectorised("a symbol without value")


def _columns(space: Space, base: str, keys: tuple[Expr, ...], scope: Scope, frame: Frame) -> Form:
    if base not in space.columns:
        raise Unvectorised("a decision that is not laid out as an array")
    first, index = space.columns[base]
    found = _found(space, index, keys, scope, frame)
    columns = np.broadcast_to(np.asarray(found, np.int64) + first, (frame.size,))
    return Form(frame.size, 0.0, Terms(frame.size, 1, columns.astype(np.int32), 1.0, distinct=True))


def _found(space: Space, index: Index, keys: tuple[Expr, ...], scope: Scope, frame: Frame) -> Codes:
    """The place of a key among a symbol's members, in each row."""
    positions: list[Codes] = []
    rest = list(keys)
    for part in index.parts:
        own, rest = _taken(rest, part.members.dim, scope)
        positions.append(_position(space, part, own, scope, frame))
    if rest:
        raise Unvectorised("a key of another length")
    places = index.find(positions)
    if lowest(places) < 0:
        raise Unvectorised("a key without entry")
    return places


def _taken(keys: list[Expr], dim: int, scope: Scope) -> tuple[list[tuple[Expr, int]], list[Expr]]:
    """The keys of one part with the positions that each covers, and the keys that are left."""
    taken: list[tuple[Expr, int]] = []
    covered = 0
    for key in keys:
        if covered >= dim:
            break
        variable = scope.variables.get(key.id) if isinstance(key, Name) else None
        taken.append((key, 1 if variable is None else variable.dim))
        covered += taken[-1][1]
    if covered != dim:
        raise Unvectorised("a key of another length")
    return taken, keys[len(taken) :]


def _position(
    space: Space, part: Part, keys: list[tuple[Expr, int]], scope: Scope, frame: Frame
) -> Codes:
    """The position of a key in one set of an index, in each row; -1 where it is no member."""
    members = part.members
    shape = part.shape
    at_member = _of_one_member(members, keys, scope, frame)
    if at_member is not None:
        return at_member
    codes: list[Codes] = []
    for key, dim in keys:
        first = len(codes)
        wanted = shape[first] if dim == 1 else None
        found, own = key_codes(space, key, scope, frame, wanted)
        if own.dim == 1:
            codes.append(_crossed(found, own, part.places[first], shape[first]))
            continue
        for number, column in enumerate(space.places(own), start=first):
            codes.append(
                _crossed(column.at(found), column.members, part.places[number], shape[number])
            )
    return part_positions(part, codes)


def _of_one_member(
    members: Members, keys: list[tuple[Expr, int]], scope: Scope, frame: Frame
) -> Codes | None:
    """The position where the keys are the parts of the member that a loop over the set is at."""
    level = None
    for number, (key, _) in enumerate(keys):
        if not isinstance(key, Name) or key.id not in scope.variables:
            return None
        at, place = frame.level(scope.variables[key.id].slot)
        if at.members is not members or level not in (None, at):
            return None
        if (place is not None and place != number) or (place is None and len(keys) > 1):
            return None
        level = at
    return None if level is None else frame.positions(level)


def _crossed(codes: Codes, own: Members, place: Place, wanted: Members | None) -> Codes:
    """Codes as those of an index: by label where its set is known, else equal values alone."""
    if own is place.members or wanted is not None:
        return crossed(codes, own, place.members)
    found = equal_crossing(own, place.members)[codes]
    return int(found) if np.ndim(found) == 0 else found


def _defined(
    space: Space, item: Definition, keys: tuple[Expr, ...], scope: Scope, frame: Frame
) -> Value:
    """A definition, computed for all its members at once and picked from there."""
    if item.name in space.working:
        raise Unvectorised("a definition that uses itself")
    if item.name not in space.known:
        space.working.append(item.name)
        try:
            space.known[item.name] = _computed(space, item)
        finally:
            space.working.pop()
    index, value = space.known[item.name]
    if scope.data_only and isinstance(value, Form):
        raise Unvectorised("a decision in a condition or an index")
    places = _found(space, index, keys, scope, frame)
    if isinstance(value, float):
        return value
    if not isinstance(value, Form) and isinstance(places, int):
        return float(value[places])
    rows = np.broadcast_to(np.asarray(places, np.int64), (frame.size,))
    return value.take(rows) if isinstance(value, Form) else picked(value, rows)


def _computed(space: Space, item: Definition) -> tuple[Index, Value]:
    from r2c.cir.arrays.numbers import number

    start, scope = Frame(1), Scope({})
    if item.forall is None:
        return Index.whole(()), number(space, item.expr, scope, start)
    frame, scope = run(space, item.forall, scope, start)
    value = in_portions(frame, lambda part: number(space, item.expr, scope, part))
    return index_of(space, item.forall, frame, scope), value


def index_of(space: Space, binder: Binder, frame: Frame, scope: Scope) -> Index:
    """The members that a binder runs over as an index."""
    parts: list[Part] = []
    positions = []
    for loop in binder.loops:
        level, _ = frame.level(scope.variables[loop.targets[0]].slot)
        parts.append(Part(level.members, level.places, level.shape))
        positions.append(frame.positions(level))
    return Index.among(parts, positions, frame.size)
