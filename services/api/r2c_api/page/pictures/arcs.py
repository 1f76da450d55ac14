"""Amounts between places, and tours through them: decisions over pairs of places."""

from __future__ import annotations

from r2c.archetypes.load import standard_library
from r2c.cir.expr import symbols
from r2c.cir.schema import CIR, Decision, IndexSet
from r2c.formulation import Solution
from r2c_api.page.pictures.picture import Arc, Flow, Route

_MOST = 80
_NEAR = 1e-6
_ARCS = ("network", "routing")
"""Families of archetypes whose rules are about ways from place to place."""
_IN_TURN = ("time", "ordered", "scenario")


def flow_or_route(cir: CIR, solution: Solution) -> Flow | Route | None:
    """The first decision over pairs of places, drawn; None if there is none."""
    for decision in cir.decisions:
        if not _is_over_pairs(cir, decision):
            continue
        arcs = [
            Arc(start=str(item.key[0]), end=str(item.key[1]), value=item.value)
            for item in solution.values.get(decision.name, ())
            if item.value > _NEAR and len(item.key) == 2 and item.key[0] != item.key[1]
        ]
        if not 2 <= len(arcs) <= _MOST:
            continue
        title = decision.meaning or decision.name.replace("_", " ")
        title = title[:1].upper() + title[1:]
        one_kind = _is_of_one_kind(cir, decision)
        if one_kind and decision.domain == "binary" and (found := tours(arcs)):
            return Route(title=title, tours=found)
        unit = decision.unit or ""
        return Flow(title=title, unit=unit, two_sided=not one_kind, arcs=tuple(arcs))
    return None


def tours(arcs: list[Arc]) -> tuple[tuple[str, ...], ...]:
    """Closed tours that use each arc once; none if the arcs are no such tours.

    A place where several tours begin is left once for each of them.
    """
    ways: dict[str, list[str]] = {}
    for arc in arcs:
        ways.setdefault(arc.start, []).append(arc.end)
    hubs = sorted(ways, key=lambda place: -len(ways[place]))
    found: list[tuple[str, ...]] = []
    for hub in hubs:
        while ways.get(hub):
            tour = [hub, ways[hub].pop(0)]
            while tour[-1] != hub:
                onward = ways.get(tour[-1])
                if not onward:
                    return ()
                tour.append(onward.pop(0))
            found.append(tuple(tour[:-1]))
    return tuple(found)


def _is_over_pairs(cir: CIR, decision: Decision) -> bool:
    """Whether a decision has two places for its index, neither of which is a time."""
    over = _parts(cir, decision)
    if len(over) != 2 or any(item.kind in _IN_TURN for item in over if item is not None):
        return False
    if decision.domain != "binary":
        return True
    library = standard_library()
    return any(
        card.family in _ARCS
        and any(decision.name in symbols(operand) for operand in rule.operands.values())
        for rule in cir.rules
        if (card := library.get(rule.archetype)) is not None
    )


def _is_of_one_kind(cir: CIR, decision: Decision) -> bool:
    first, second = _parts(cir, decision)
    return first is not None and second is not None and first.name == second.name


def _parts(cir: CIR, decision: Decision) -> list[IndexSet | None]:
    """The set behind each key of a decision; None where it cannot be told."""
    sets = {item.name: item for item in cir.sets}
    found: list[IndexSet | None] = []
    for name in decision.over:
        item = sets.get(name)
        if item is None or item.dim == 1:
            found.append(item)
        elif len(item.within) == item.dim:
            found += [sets.get(part) for part in item.within]
        else:
            found += [None] * item.dim
    return found
