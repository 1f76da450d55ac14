"""What a loop runs over, and the variables that it binds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from r2c.cir.closures.scope import Context, Frame, LoopVariable, Scope, Shape, refuse
from r2c.cir.expr import Call, Expr, Loop, Name, Num, Seq, Text
from r2c.cir.members import Key, Members
from r2c.errors import counted


def loop_variables(
    c: Context, loop: Loop, shape: Shape, members: Members | None
) -> dict[str, LoopVariable]:
    """The variables that a loop binds: one for each part of a member, or one for all of it.

    Raises:
        CIRError: R2C-C225 if neither fits.
    """
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
class Domain:
    """What one loop runs over: fixed keys, or keys that depend on outer loop variables."""

    keys: Sequence[Key]
    shape: Shape
    members: Members | None = None
    moving: Callable[[Frame], list[Key]] | None = None


def domain_of(c: Context, loop: Loop, scope: Scope) -> Domain:
    """What a loop runs over.

    Raises:
        CIRError: R2C-C225 if that is neither a set nor a list.
    """
    match loop.domain:
        case Name(name):
            members = c.members(name)
            if members is None:
                raise refuse(loop.domain, "a loop runs over a set or a list")
            return Domain(members.keys, c.components(members), members)
        case Call("pairs", (Name(name),)) if c.members(name) is not None:
            members = c.members(name)
            assert members is not None
            part = c.components(members)
            return Domain(tuple(a + b for a, b in combinations(members.keys, 2)), part + part)
        case Call("nonzero", (Name(name),)) if name in c.instance.parameters:
            table = c.instance.parameters[name]
            shape = tuple(part for over in table.over for part in c.components(over))
            return Domain(tuple(key for key in table if table[key] != 0), shape)
        case Seq(items):
            return _list_domain(c, items, scope)
    raise refuse(loop.domain, "a loop runs over a set, a list, pairs(set) or nonzero(parameter)")


def _list_domain(c: Context, items: tuple[Expr, ...], scope: Scope) -> Domain:
    from r2c.cir.closures.elements import constant, home, key_part

    if any(isinstance(item, Seq) for item in items):
        rows = [item.items if isinstance(item, Seq) else (item,) for item in items]
        if len({len(row) for row in rows}) != 1 or not all(
            isinstance(part, Num | Text) for row in rows for part in row
        ):
            raise refuse(Seq(items), "a list of tuples holds tuples of labels of one length")
        keys = tuple(tuple(constant(part, None) for part in row) for row in rows)
        return Domain(keys, (None,) * len(rows[0]))
    if all(isinstance(item, Num | Text) for item in items):
        return Domain(tuple((constant(item, None),) for item in items), (None,))
    homes = {home(c, item, scope) for item in items}
    members = homes.pop() if len(homes) == 1 else None
    parts = [key_part(c, item, scope.for_data(), members) for item in items]
    places: tuple[Key, ...] = tuple((place,) for place in range(len(parts)))
    return Domain(places, (members,), members, lambda frame: [(part(frame),) for part in parts])
