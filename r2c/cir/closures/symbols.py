"""Symbols with and without index: parameters, decisions and definitions looked up by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from r2c.cir.closures.scope import NEEDS_DECISION, Closure, Context, Frame, Scope, Shape, refuse
from r2c.cir.expr import Expr, Item, Name, symbols
from r2c.cir.members import Key, Values, label
from r2c.cir.schema import Definition
from r2c.errors import CIRError, declare

WRONG_INDEX_COUNT = declare(
    "R2C-C235", CIRError,
    what="{symbol!r} is used with {found:index position} and has {expected}.",
    why="Every use of a symbol gives one key for each of its index positions.",
    remedy="Give as many keys as its declaration has index positions.",
)  # fmt: skip
NO_ENTRY = declare(
    "R2C-C236", CIRError,
    what="{symbol!r} has no entry for {key!r}.",
    why="It exists only for the members of its index set.",
    remedy="Loop over that index set, or add a condition that leaves this key out.",
)  # fmt: skip
CIRCULAR_DEFINITION = declare(
    "R2C-C237", CIRError,
    what="The definition {name!r} uses itself.",
    why="A definition is an abbreviation; a quantity that depends on its own earlier value is "
    "a decision tied by a balance rule.",
    remedy="Make {name!r} a decision and the equation a rule.",
)  # fmt: skip


def item(c: Context, base: str, keys: tuple[Expr, ...], scope: Scope) -> Closure:
    """Compile `base[keys]`.

    Raises:
        CIRError: R2C-C226, R2C-C227, R2C-C235; R2C-C236 when called.
    """
    if base in scope.variables:
        raise refuse(Item(base, keys), "a loop variable has no index")
    if base in c.values:
        if scope.data_only:
            raise NEEDS_DECISION(name=base)
        return _lookup(c, base, keys, scope, c.values[base])
    parameter = c.instance.parameters.get(base)
    if parameter is not None:
        return _lookup(c, base, keys, scope, parameter)
    definition = c.definitions.get(base)
    if definition is not None:
        return _definition(c, definition, keys, scope)
    if c.members(base) is not None:
        raise refuse(Item(base, keys) if keys else Name(base), "a set is not a number")
    raise c.unknown(base)


def _key(c: Context, base: str, keys: tuple[Expr, ...], scope: Scope, shape: Shape) -> Closure:
    """The index of a use of a symbol as one closure that gives a key."""
    from r2c.cir.closures.elements import key_part

    slots: list[int] = []
    parts: list[Closure] = []
    flat: list[bool] = []
    place = 0
    for expr in keys:
        variable = scope.variables.get(expr.id) if isinstance(expr, Name) else None
        wanted = shape[place] if place < len(shape) else None
        parts.append(key_part(c, expr, scope, wanted))
        flat.append(variable is not None and variable.dim > 1)
        if variable is not None and variable.dim == 1:
            slots.append(variable.slot)
        place += 1 if variable is None else variable.dim
    if place != len(shape):
        raise WRONG_INDEX_COUNT(symbol=base, found=place, expected=len(shape))
    if len(slots) == len(keys) > 1:
        return itemgetter(*slots)
    if any(flat):
        pairs = list(zip(parts, flat, strict=True))
        return lambda frame: tuple(
            x for part, many in pairs for x in (part(frame) if many else (part(frame),))
        )
    if len(parts) == 1:
        single = parts[0]
        return lambda frame: (single(frame),)
    return lambda frame: tuple([part(frame) for part in parts])


def shape_of(c: Context, base: str, table: Mapping[Key, Any]) -> Shape:
    """The plain sets of a symbol's index positions, unknown ones as None."""
    if isinstance(table, Values):
        return tuple(part for members in table.over for part in c.components(members))
    shape = c.shapes.get(base)
    if shape is None:
        first = next(iter(table), ())
        return (None,) * len(first)
    return shape


def _lookup(
    c: Context, base: str, keys: tuple[Expr, ...], scope: Scope, table: Mapping[Key, Any]
) -> Closure:
    shape = shape_of(c, base, table)
    entries = table.entries if isinstance(table, Values) else table
    miss = _Missing(base, table, shape)
    if not keys and not shape:
        return lambda frame: entries[()] if () in entries else miss(())
    key = _key(c, base, keys, scope, shape)

    def lookup(frame: Frame) -> Any:
        index = key(frame)
        try:
            return entries[index]
        except KeyError:
            return miss(index)

    return lookup


class _Missing:
    """What to do about a key that is not written as such: other spelling, default, or a fault."""

    def __init__(self, base: str, table: Mapping[Key, Any], shape: Shape) -> None:
        self.base = base
        self.table = table
        self.shape = shape

    def __call__(self, index: Key) -> Any:
        own = self._spelt(index)
        if own is not None and own in self.table:
            return self.table[own]
        raise NO_ENTRY(symbol=self.base, key=list(index))

    def _spelt(self, index: Key) -> Key | None:
        if isinstance(self.table, Values):
            return self.table.resolve(index)
        parts: list[str | int] = []
        for value, members in zip(index, self.shape, strict=True):
            found = value if members is None else members.element_by_label.get(label(value))
            if found is None:
                return None
            parts.append(found)
        return tuple(parts)


def _definition(c: Context, item: Definition, keys: tuple[Expr, ...], scope: Scope) -> Closure:
    from r2c.cir.closures.loops import binder_shape

    if item.name in c.compiling:
        raise CIRCULAR_DEFINITION(name=item.name)
    if scope.data_only:
        _refuse_decisions(c, item)
    shape: Shape = () if item.forall is None else binder_shape(c, item.forall)
    key = _key(c, item.name, keys, scope, shape)
    evaluate = c.compiled.get(item.name)
    if evaluate is None:
        c.compiling.append(item.name)
        try:
            evaluate = c.compiled[item.name] = _compiled(c, item)
        finally:
            c.compiling.pop()
    by_key = evaluate
    return lambda frame: by_key(key(frame))


def _compiled(c: Context, item: Definition) -> _Remembered:
    from r2c.cir.closures.loops import loops
    from r2c.cir.closures.numbers import number

    if item.forall is None:
        return _Remembered(c, item.name, None, [], number(c, item.expr, Scope({})))
    iterate, inner = loops(c, item.forall, Scope({}))
    targets = [inner.variables[name].slot for name in item.forall.targets]
    return _Remembered(c, item.name, iterate, targets, number(c, item.expr, inner))


def _refuse_decisions(c: Context, item: Definition) -> None:
    """A definition used as data must not reach a decision, directly or through others."""
    waiting, seen = [item], {item.name}
    while waiting:
        for name in sorted(symbols(waiting.pop().expr) - seen):
            seen.add(name)
            if name in c.values:
                raise NEEDS_DECISION(name=name)
            if name in c.definitions:
                waiting.append(c.definitions[name])


class _Remembered:
    """A definition's value by key, computed once; keys outside its loops are a fault."""

    def __init__(
        self, c: Context, name: str, iterate: Any, targets: list[int], body: Closure
    ) -> None:
        self._c = c
        self._name = name
        self._iterate = iterate
        self._targets = targets
        self._body = body
        self._known: dict[Key, Any] = {}
        self._allowed: set[Key] | None = None

    def __call__(self, key: Key) -> Any:
        if key in self._known:
            return self._known[key]
        if self._allowed is None:
            frame = self._c.frame()
            members = [()] if self._iterate is None else self._keys(frame)
            self._allowed = set(members)
        if key not in self._allowed:
            raise NO_ENTRY(symbol=self._name, key=list(key))
        frame = self._c.frame()
        for slot, value in zip(self._targets, key, strict=True):
            frame[slot] = value
        value = self._known[key] = self._body(frame)
        return value

    def _keys(self, frame: Frame) -> Iterable[Key]:
        for _ in self._iterate(frame):
            yield tuple(frame[slot] for slot in self._targets)
