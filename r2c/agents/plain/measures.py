"""Measures added up over the plan: so much for each unit, and charges for any use at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from r2c.agents.reading import Reading
from r2c.agents.statements import Datum, Limit, Statement, read_statements
from r2c.cir.derivations import sources_of
from r2c.cir.expr import Add, Expr, Mul, Name, Num, Seq, numbers
from r2c.cir.occurrences import STRUCTURAL
from r2c.cir.provenance import NumberSource
from r2c.cir.schema import Rule
from r2c.cir.write import number
from r2c.errors import CIRError, declare
from r2c.problem.schema import Problem

TOLD_TWICE = declare(
    "R2C-G013",
    CIRError,
    what="The sentences were read as {name}, but also as {other}.",
    why="One amount per unit cannot be two numbers; one of them means something else.",
    remedy="Use different words for different things, or say the number once.",
)

Amounts = dict[str, dict[str, float]]
"""Numbers by measure and decision."""


def told(readings: Iterable[Reading]) -> tuple[Amounts, Amounts]:
    """The data per unit, and the charges for using a thing at all.

    Raises:
        CIRError: R2C-G013 if a measure has two numbers for one decision.
    """
    data: Amounts = {}
    charges: Amounts = {}
    for reading in readings:
        for item in read_statements(reading.text):
            if isinstance(item, Datum):
                known = (charges if item.once else data).setdefault(item.measure, {})
                if known.setdefault(item.decision, item.value) != item.value:
                    raise TOLD_TWICE(name=str(item), other=number(known[item.decision]))
    return data, charges


def total(of: Mapping[str, float], charges: Mapping[str, float]) -> Expr:
    """A measure added up over the plan.

    Args:
        of: its amount for each unit, by decision.
        charges: its amount for any use at all, by decision.
    """
    terms = [Mul((Num(value), Name(name))) for name, value in of.items()]
    terms += [Mul((Num(value), Name(_switch(name)))) for name, value in charges.items()]
    return terms[0] if len(terms) == 1 else Add(tuple(terms))


def sources(problem: Problem, readings: Iterable[Reading]) -> dict[str, tuple[NumberSource, ...]]:
    """Where the numbers of each measure come from: the sentence that tells them, read in order.

    Of numbers of tables nothing is said here.
    """
    found: dict[tuple[str, str, bool], NumberSource] = {}
    for reading in readings:
        if reading.clause.table is not None:
            continue
        said: dict[float, int] = {}
        for item in read_statements(reading.text):
            if isinstance(item, Datum) and item.value not in STRUCTURAL:
                known = sources_of(item.value, problem, (reading.clause.span,))
                if known:
                    source = known[min(said.get(item.value, 0), len(known) - 1)]
                    key = (item.measure, item.decision, item.once)
                    found.setdefault(key, NumberSource(value=item.value, source=source))
            for value in _numbers(item):
                said[value] = said.get(value, 0) + 1
    # The terms of a total: amounts per unit first, then charges, each in the order of telling.
    by_measure: dict[str, tuple[NumberSource, ...]] = {}
    for (measure, _, _), entry in sorted(found.items(), key=lambda pair: pair[0][2]):
        by_measure[measure] = (*by_measure.get(measure, ()), entry)
    return by_measure


def _numbers(item: Statement) -> tuple[float, ...]:
    match item:
        case Datum():
            return (item.value,)
        case Limit():
            return tuple(numbers(item.relation))
        case _:
            return ()


def _switch(decision: str) -> str:
    """The yes-or-no choice that says whether anything of a decision is used."""
    return f"{decision}_used"


def switches(
    problem: Problem, readings: Iterable[Reading], charges: Amounts, first: int
) -> Iterator[Rule]:
    """A rule for each decision that is charged for being used at all."""
    charged = dict.fromkeys(name for of in charges.values() for name in of)
    for place, name in enumerate(charged, start=first):
        clause = next(
            reading.clause
            for reading in readings
            for item in read_statements(reading.text)
            if isinstance(item, Datum) and item.once and item.decision == name
        )
        yield Rule(
            id=f"r{place}",
            quote=problem.quote(clause.span),
            span=clause.span,
            archetype="fixed_charge_activation",
            operands={"activities": Seq((Name(name),))},
            outputs={"active": _switch(name)},
        )
