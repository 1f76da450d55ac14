"""Everything in a CIR that holds expressions, in one shape.

Checks, provenance, units and comparison all walk the same list, so none of them can forget a
place where an expression may stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from r2c.cir.expr import Binder, Expr, Loop, Name, Num, walk
from r2c.cir.provenance import NumberSource, Source
from r2c.cir.schema import (
    CIR,
    Decision,
    Definition,
    DenseValues,
    ExprValues,
    IndexSet,
    Nested,
    Objective,
    Parameter,
    Rule,
    SparseValues,
)
from r2c.problem.schema import Span

OwnerKind = Literal["set", "parameter", "definition", "decision", "rule", "objective"]


@dataclass(frozen=True, slots=True)
class Place:
    """One expression of an owner: `role` says which, `owner.binder` which loops are in force."""

    role: str
    expr: Expr


@dataclass(frozen=True, slots=True)
class Owner:
    """A symbol, rule or objective with its expressions in written order."""

    kind: OwnerKind
    name: str
    binder: Binder | None
    places: tuple[Place, ...]
    quote: str = ""
    span: Span | None = None
    source: Source | None = None
    literals: tuple[NumberSource, ...] = ()
    archetype: str = "linear"

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r}"

    def trees(self) -> Iterator[Expr]:
        """All trees in written order: loop domains, the filter, then the places."""
        if self.binder is not None:
            yield from (loop.domain for loop in self.binder.loops)
            if self.binder.where is not None:
                yield self.binder.where
        yield from (place.expr for place in self.places)

    def nodes(self) -> Iterator[Expr]:
        """Every node of every tree, in written order."""
        for tree in self.trees():
            yield from walk(tree)


def owners(cir: CIR) -> tuple[Owner, ...]:
    """All owners of expressions: sets, parameters, definitions, decisions, rules, objectives."""
    dims = {item.name: item.dim for item in cir.sets}
    return (
        *(of_set(item) for item in cir.sets),
        *(of_parameter(item, dims) for item in cir.parameters),
        *(of_definition(item) for item in cir.definitions),
        *(of_decision(item, dims) for item in cir.decisions),
        *(of_rule(item) for item in cir.rules),
        *(of_objective(item, number) for number, item in enumerate(cir.objectives, start=1)),
    )


def of_set(item: IndexSet) -> Owner:
    """A set owns its filter."""
    return Owner("set", item.name, item.where, (), source=item.source)


def of_parameter(item: Parameter, dims: dict[str, int]) -> Owner:
    """A parameter owns its number or its computed value."""
    places: tuple[Place, ...] = ()
    binder = None
    if isinstance(item.value, ExprValues):
        binder = loops_over(item.over, item.value.indices, dims)
        places = (Place("value", item.value.expr),)
    else:
        places = tuple(Place("value", Num(value)) for value in written_values(item))
    return Owner("parameter", item.name, binder, places, source=item.source, literals=item.literals)


def written_values(item: Parameter) -> tuple[float, ...]:
    """The numbers that the CIR itself writes down for a parameter, in written order."""
    match item.value:
        case float() | int():
            return (float(item.value),)
        case DenseValues(values=values):
            return tuple(_flat(values))
        case SparseValues(entries=entries):
            return tuple(entry.value for entry in entries)
        case _:
            return ()


def _flat(value: Nested) -> Iterator[float]:
    if isinstance(value, tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield float(value)


def of_definition(item: Definition) -> Owner:
    """A definition owns its expression."""
    places = (Place("expression", item.expr),)
    return Owner("definition", item.name, item.forall, places, literals=item.literals)


def of_decision(item: Decision, dims: dict[str, int]) -> Owner:
    """A decision owns its filter and bounds."""
    binder = loops_over(item.over, item.indices, dims, item.where)
    bounds = (("lower bound", item.lower), ("upper bound", item.upper))
    places = tuple(Place(role, expr) for role, expr in bounds if expr is not None)
    return Owner("decision", item.name, binder, places, source=item.source, literals=item.literals)


def of_rule(item: Rule) -> Owner:
    """A rule owns its operands and the price of violating it."""
    places = [Place(role, expr) for role, expr in item.operands.items()]
    if item.soft is not None:
        places.append(Place("price", item.soft.price))
    return Owner(
        "rule",
        item.id,
        item.forall,
        tuple(places),
        quote=item.quote,
        span=item.span,
        literals=item.literals,
        archetype=item.archetype,
    )


def of_objective(item: Objective, number: int) -> Owner:
    """An objective owns its expression, its weight and its target; it is named by its number."""
    places = [Place("expression", item.expr)]
    if item.weight != 1:
        places.append(Place("weight", Num(item.weight)))
    if item.target is not None:
        places.append(Place("target", Num(item.target)))
    return Owner(
        "objective",
        str(number),
        None,
        tuple(places),
        quote=item.quote,
        span=item.span,
        literals=item.literals,
    )


def loops_over(
    over: tuple[str, ...],
    indices: tuple[str, ...],
    dims: dict[str, int],
    where: Expr | None = None,
) -> Binder | None:
    """The loops that `over` and `indices` stand for; unnamed loop variables are i1, i2, ..."""
    if not over:
        return None
    total = sum(dims.get(name, 1) for name in over)
    names = indices if len(indices) == total else tuple(f"i{k}" for k in range(1, total + 1))
    loops = []
    start = 0
    for name in over:
        end = start + dims.get(name, 1)
        loops.append(Loop(names[start:end], Name(name)))
        start = end
    return Binder(tuple(loops), where)
