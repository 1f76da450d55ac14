"""Which numbers of an owner have to be explained, in written order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.expr import Add, Call, Compare, Each, Expr, Fold, Item, Name, Num, Pow, children
from r2c.cir.owners import Owner
from r2c.cir.provenance import Source

STRUCTURAL = (0.0, 1.0, -1.0)
"""Numbers that shape a formula and carry no data."""
_PLACES = ("ord", "len")
"""Functions that count members; a number added to one is a place among them."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One number: `rank` counts the earlier ones of the same value in the same owner."""

    value: float
    rank: int
    structural: bool


def occurrences(owner: Owner) -> tuple[Occurrence, ...]:
    """Every number of an owner in written order.

    Structural are 0, 1 and -1, index values and lags, whole exponents, numbers added to places of
    members, and labels that a loop variable is compared with.
    """
    found: list[Occurrence] = []
    ranks: dict[float, int] = {}
    bound = frozenset(owner.binder.targets) if owner.binder is not None else frozenset[str]()
    for tree in owner.trees():
        for value, exempt in _numbers(tree, bound):
            rank = ranks.get(value, 0)
            ranks[value] = rank + 1
            found.append(Occurrence(value, rank, exempt or value in STRUCTURAL))
    return tuple(found)


def source_of(owner: Owner, item: Occurrence) -> Source | None:
    """What explains the number: its own entry, else the source of the parameter or set."""
    for wanted in (item.value, -item.value):
        entries = [entry.source for entry in owner.literals if entry.value == wanted]
        if entries:
            return entries[min(item.rank, len(entries) - 1)]
    return owner.source if owner.kind in ("parameter", "set") else None


def _numbers(  # noqa: C901 - one case per node
    expr: Expr, bound: frozenset[str]
) -> Iterator[tuple[float, bool]]:
    match expr:
        case Num(value):
            yield value, False
        case Item(_, keys):
            yield from _exempt(keys, bound)
        case Add(terms) if any(
            isinstance(term, Call) and term.function in _PLACES for term in terms
        ):
            for term in terms:  # "the second and later ones" is no data
                yield from ((value, True) for value, _ in _numbers(term, bound))
        case Pow(base, Num(exponent)) if exponent.is_integer():
            yield from _numbers(base, bound)
            yield exponent, True
        case Compare(ops, args) if set(ops) <= {"==", "!=", "in", "not in"} and _labels(
            args, bound
        ):
            yield from _exempt(args, bound)
        case Add(terms) if any(map(_is_place, terms)):
            yield from _exempt(terms, bound)
        case Fold(_, _, binder) | Each(_, binder):
            for child in children(expr):
                yield from _numbers(child, bound.union(binder.targets))
        case _:
            for child in children(expr):
                yield from _numbers(child, bound)


def _exempt(parts: tuple[Expr, ...], bound: frozenset[str]) -> Iterator[tuple[float, bool]]:
    for part in parts:
        yield from ((value, True) for value, _ in _numbers(part, bound))


def _is_place(term: Expr) -> bool:
    return isinstance(term, Call) and term.function in _PLACES


def _labels(args: tuple[Expr, ...], bound: frozenset[str]) -> bool:
    return any(isinstance(arg, Name) and arg.id in bound for arg in args)
