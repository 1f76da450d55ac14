"""Loops of a template: over sets they stay loops, over lists written out they are unrolled.

Loop variables get names that nothing else uses; what a variable stands for is its scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from r2c.cir.expr import Binder, Call, Expr, Loop, Name
from r2c.model.filled import Filled, Listed, Looped, Related
from r2c.model.logic import FALSE, TRUE
from r2c.model.rename import Fresh, conjunction, join, substitute


class LeftOut(Exception):
    """What is being written mentions an optional role that is not given."""


class Unwritable(Exception):
    """The template cannot be written for this rule; the message says why."""


@dataclass(frozen=True)
class Bound:
    """What a template's loop variable stands for; `key` indexes variables made per item."""

    expr: Expr
    key: tuple[Expr, ...] = ()
    place: int | None = None


Scope = Mapping[str, Bound]


@dataclass(frozen=True)
class Branch:
    """One way through the loops of a template: its scope and the loops that remain."""

    scope: Scope
    loops: tuple[Loop, ...] = ()
    conditions: tuple[Expr, ...] = ()

    @property
    def binder(self) -> Binder | None:
        """The remaining loops."""
        return Binder(self.loops, conjunction(self.conditions)) if self.loops else None


@dataclass(frozen=True)
class Unrolling:
    """The loops of one statement.

    `roles` and `outer` are the roles and loops of the rule, `fresh` makes names for the
    statement's own loops, `parts` takes relations apart and `write` writes an expression.
    """

    roles: Mapping[str, Filled | None]
    outer: Binder | None
    fresh: Fresh
    parts: Callable[[Expr, Binder | None], tuple[Expr, ...]]
    write: Callable[[Expr, Scope, Binder | None], Expr]

    def branches(
        self, binder: Binder, scope: Scope, context: Binder | None = None
    ) -> Iterator[Branch]:
        """The ways through a template's loops: lists written out are unrolled."""
        open_: list[Branch] = [Branch(scope)]
        for loop in binder.loops:
            open_ = [longer for branch in open_ for longer in self._step(loop, branch, context)]
        for branch in open_:
            condition: Expr = TRUE
            if binder.where is not None:
                try:
                    condition = self.write(binder.where, branch.scope, join(context, branch.binder))
                except LeftOut:
                    condition = TRUE
            if condition == FALSE:
                continue
            extra = () if condition == TRUE else (condition,)
            yield replace(branch, conditions=branch.conditions + extra)

    def _step(self, loop: Loop, branch: Branch, context: Binder | None) -> Iterator[Branch]:
        domain, pairs = loop.domain, False
        if isinstance(domain, Call) and domain.function == "pairs":
            domain, pairs = domain.args[0], True
        role = self.roles.get(domain.id) if isinstance(domain, Name) else None
        if isinstance(domain, Name) and domain.id in self.roles and role is None:
            raise LeftOut(domain.id)
        match role:
            case Related(whole):
                items = self.parts(whole, join(self.outer, context))
                yield from _unrolled(loop, items, branch, pairs)
            case Listed(items):
                yield from _unrolled(loop, items, branch, pairs)
            case Looped():
                yield self._looped(loop, role, branch, pairs)
            case _:
                targets = tuple(self.fresh.name(target) for target in loop.targets)
                over = self.write(loop.domain, branch.scope, join(context, branch.binder))
                bound = {
                    old: Bound(Name(new), (Name(new),))
                    for old, new in zip(loop.targets, targets, strict=True)
                }
                yield replace(
                    branch,
                    scope={**branch.scope, **bound},
                    loops=(*branch.loops, Loop(targets, over)),
                )

    def _looped(self, loop: Loop, role: Looped, branch: Branch, pairs: bool) -> Branch:
        copies = [self._copy(role) for _ in loop.targets]
        scope = dict(branch.scope)
        for target, (renamed, body) in zip(loop.targets, copies, strict=True):
            scope[target] = Bound(body, tuple(Name(name) for name in renamed.targets))
        conditions = tuple(renamed.where for renamed, _ in copies if renamed.where is not None)
        if not pairs:
            loops = copies[0][0].loops
        elif len(role.binder.loops) == 1 and isinstance(role.binder.loops[0].domain, Name):
            # Two members of one set in one loop: each pair comes once, in the set's order.
            targets = copies[0][0].targets + copies[1][0].targets
            loops = (Loop(targets, Call("pairs", (role.binder.loops[0].domain,))),)
        else:
            raise Unwritable("pairs are taken of a list with one loop over a set")
        return Branch(scope, branch.loops + loops, branch.conditions + conditions)

    def _copy(self, role: Looped) -> tuple[Binder, Expr]:
        names: dict[str, Expr] = {}
        loops: list[Loop] = []
        for loop in role.binder.loops:
            domain = substitute(loop.domain, names)
            targets = tuple(self.fresh.name(target) for target in loop.targets)
            names.update(zip(loop.targets, map(Name, targets), strict=True))
            loops.append(Loop(targets, domain))
        where = None if role.binder.where is None else substitute(role.binder.where, names)
        return Binder(tuple(loops), where), substitute(role.body, names)


def _unrolled(loop: Loop, items: tuple[Expr, ...], branch: Branch, pairs: bool) -> Iterator[Branch]:
    width = 2 if pairs else 1
    for chosen in combinations(enumerate(items, start=1), width):
        bound = {
            target: Bound(item, (), place)
            for target, (place, item) in zip(loop.targets, chosen, strict=True)
        }
        yield replace(branch, scope={**branch.scope, **bound})
