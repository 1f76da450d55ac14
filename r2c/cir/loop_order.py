"""Sums inside sums become one sum, unrelated loops a product of sums, and loops get a fixed order.

Together with the naming of loop variables this makes equal sums equal text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product

from r2c.cir.expr import And, Binder, Expr, Fold, Loop, symbols
from r2c.cir.polynomial import Monomial, constant, expression
from r2c.cir.rename import rename
from r2c.cir.write import write

_MAX_COPIES = 3


@dataclass(frozen=True, slots=True)
class LoopedTerm:
    """A product of factors under loops; `conditions` must all hold."""

    loops: tuple[Loop, ...]
    conditions: tuple[Expr, ...]
    factors: Monomial

    @property
    def body(self) -> Expr:
        """The factors as an expression."""
        return one_term(self.factors)

    @property
    def binder(self) -> Binder:
        """The loops with their conditions."""
        return Binder(self.loops, conjunction(self.conditions))

    def fold(self) -> Fold:
        """The term as a sum."""
        return Fold("sum", self.body, self.binder)


def conditions_of(where: Expr | None) -> tuple[Expr, ...]:
    """The conditions that a filter joins by `and`."""
    if where is None:
        return ()
    return where.args if isinstance(where, And) else (where,)


def conjunction(conditions: tuple[Expr, ...]) -> Expr | None:
    """The filter that demands all conditions."""
    if len(conditions) > 1:
        return And(conditions)
    return conditions[0] if conditions else None


def one_term(monomial: Monomial) -> Expr:
    """A product of factors as an expression."""
    return expression({monomial: constant(1)[()]})


def merge(term: LoopedTerm) -> LoopedTerm:
    """The term with the sums among its factors turned into loops of its own."""
    loops, conditions = list(term.loops), list(term.conditions)
    factors: list[tuple[Expr, int]] = []
    copies = 0
    for atom, times in term.factors:
        if not (isinstance(atom, Fold) and atom.op == "sum" and 0 < times <= _MAX_COPIES):
            factors.append((atom, times))
            continue
        for _ in range(times):
            copies += 1
            # No expression that was read can hold such names.
            names = {name: f"{name}~{copies}" for name in atom.binder.targets}
            for loop in atom.binder.loops:
                domain = rename(loop.domain, names)
                loops.append(Loop(tuple(names[name] for name in loop.targets), domain))
            conditions += [rename(item, names) for item in conditions_of(atom.binder.where)]
            factors.append((rename(atom.body, names), 1))
    return LoopedTerm(tuple(loops), tuple(conditions), tuple(factors))


def split(term: LoopedTerm) -> list[LoopedTerm]:
    """The term as a product: loops that no factor or condition relates are summed apart."""
    targets = {name for loop in term.loops for name in loop.targets}
    ties = [frozenset(loop.targets) | (symbols(loop.domain) & targets) for loop in term.loops]
    ties += [symbols(atom) & targets for atom, _ in term.factors]
    ties += [(symbols(item) & targets) or frozenset(targets) for item in term.conditions]
    groups: list[set[str]] = []
    for tie in ties:
        touched = [group for group in groups if group & tie]
        groups = [group for group in groups if not group & tie]
        groups.append(set(tie).union(*touched))
    return [
        LoopedTerm(
            tuple(loop for loop in term.loops if group & {*loop.targets}),
            tuple(item for item in term.conditions if (symbols(item) & group) or len(groups) == 1),
            tuple(item for item in term.factors if symbols(item[0]) & group),
        )
        for group in groups
        if group
    ]


def orders(loops: tuple[Loop, ...]) -> Iterator[tuple[Loop, ...]]:
    """The orders of loops to choose from: by domain, ties tried in every order if they are few."""
    targets = {name for loop in loops for name in loop.targets}
    if len(loops) < 2 or any(symbols(loop.domain) & targets for loop in loops):
        yield loops
        return
    groups: dict[str, list[Loop]] = {}
    for loop in loops:
        groups.setdefault(f"{write(loop.domain)} {len(loop.targets)}", []).append(loop)
    ordered = [groups[key] for key in sorted(groups)]
    ways = [list(permutations(g)) if len(g) <= 3 else [tuple(g)] for g in ordered]
    for choice in product(*ways):
        yield tuple(loop for group in choice for loop in group)
