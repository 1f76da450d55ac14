"""The limits of a model: numbers that stand alone beside <=, >= or ==, and bounds of decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from r2c.cir.expr import Add, Compare, Expr, Name, Num, numbers
from r2c.cir.occurrences import Occurrence, occurrences
from r2c.cir.owners import Owner
from r2c.cir.schema import CIR


def lone_numbers(owner: Owner, beside: frozenset[str]) -> frozenset[Occurrence]:
    """Which numbers of an owner are limits; `beside` are the parameters that stand alone."""
    if owner.kind == "parameter":
        return frozenset(occurrences(owner) if owner.name in beside else ())
    if owner.kind not in ("rule", "decision"):
        return frozenset()
    alone = set(_ranked(owner))
    return frozenset(item for item in occurrences(owner) if (item.value, item.rank) in alone)


def names_beside(cir: CIR) -> frozenset[str]:
    """The parameters of one number that stand alone beside a sign of comparison."""
    single = {item.name for item in cir.parameters if not item.over}
    return frozenset(
        side.id
        for rule in cir.rules
        for expr in rule.operands.values()
        if isinstance(expr, Compare)
        for side in expr.args
        if isinstance(side, Name) and side.id in single
    )


def _ranked(owner: Owner) -> Iterator[tuple[float, int]]:
    """Numbers that stand alone, with the count of equal ones before them."""
    met: Counter[float] = Counter()
    places = {id(place.expr): place.role for place in owner.places}
    for tree in owner.trees():
        bound = places.get(id(tree), "").endswith("bound")
        for term, is_alone in _terms(tree, bound=bound):
            if is_alone and isinstance(term, Num):
                yield term.value, met[term.value]
            met.update(numbers(term))


def _terms(tree: Expr, *, bound: bool) -> Iterator[tuple[Expr, bool]]:
    if not isinstance(tree, Compare):
        yield tree, bound
        return
    for side in tree.args:
        for term in side.terms if isinstance(side, Add) else (side,):
            yield term, True
