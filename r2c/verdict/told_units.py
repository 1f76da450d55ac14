"""Units as the text tells them: a limit in acres on a sum of kilograms limits something else.

The readings of small models rarely declare units, but the text tells them beside its numbers. Only
measures count (lengths, weights, times, money): nouns are words of people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from r2c.cir.expr import Add, Expr, Mul, Name, Num, symbols
from r2c.cir.occurrences import Occurrence, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR
from r2c.cir.scope import decided
from r2c.cir.unit_table import read_unit
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.sources import Drawn, drawn
from r2c.verdict.units import Measure, measure_of

NAME = "told_units"
_SUMMED, _LIMIT = "use", "limit"
_OF_TWO_KINDS = frozenset({"pound", "pounds"})
"""Weights or money."""


def told_units(problem: Problem, cir: CIR, source: Drawn | None = None) -> Evidence:
    """Whether limits are told in what the amounts below them are told in."""
    traced = (source or drawn(cir, problem)).traced
    compared = sum(1 for _ in _pairs(problem, traced))
    found = dict(conflicts(problem, traced))
    if not compared:
        return Evidence(
            check=NAME, passed=None, message="No limit and its amounts are both told in measures."
        )
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or f"Where both sides of a limit are told in measures ({compared}), they agree.",
        rules=tuple(found),
    )


def conflicts(problem: Problem, traced: CIR) -> Iterator[tuple[str, str]]:
    """Rules with what is wrong about the measures of their sides."""
    for rule, (summed, limit) in _pairs(problem, traced):
        if summed[0] != limit[0]:
            yield (
                rule,
                f"The rule {rule!r} holds amounts told in {summed[1]!r} against a limit told in "
                f"{limit[1]!r}.",
            )


_Told = tuple[Measure, str]


def _pairs(problem: Problem, traced: CIR) -> Iterator[tuple[str, tuple[_Told, _Told]]]:
    """Rules with the measure of the amounts that they add up and of their limit."""
    parts = {owner.name: owner for owner in owners(traced)}
    decisions = decided(traced)
    for rule in traced.rules:
        summed, limit = rule.operands.get(_SUMMED), rule.operands.get(_LIMIT)
        owner = parts[rule.id]
        if summed is None or not isinstance(limit, Num):
            continue
        amounts = _amounts(summed, owner, parts, decisions, problem)
        told = _told(limit, owner, problem)
        if amounts is not None and told is not None:
            yield rule.id, (amounts, told)


def _amounts(
    expr: Expr,
    owner: Owner,
    parts: Mapping[str, Owner],
    decisions: frozenset[str],
    problem: Problem,
) -> _Told | None:
    """What a sum of amounts per decision is told in; None if not all tell the same measure."""
    if isinstance(expr, Name) and expr.id in parts and parts[expr.id].kind == "definition":
        owner = parts[expr.id]
        expr = owner.places[0].expr
    terms = expr.terms if isinstance(expr, Add) else (expr,)
    found = []
    for term in terms:
        numbers = (
            [item for item in term.factors if isinstance(item, Num)]
            if isinstance(term, Mul) and symbols(term) & decisions
            else []
        )
        if len(numbers) != 1:
            return None
        found.append(_told(numbers[0], owner, problem))
    first = found[0]
    same = first is not None and all(one is not None and one[0] == first[0] for one in found)
    return first if same else None


def _told(item: Num, owner: Owner, problem: Problem) -> _Told | None:
    """The measure that the text tells beside a number, and its word."""
    source = source_of(owner, Occurrence(item.value, 0, False))
    if source is None or source.kind != "text":
        return None
    units = {
        quantity.unit
        for quantity in problem.quantities
        if any(span.overlaps(quantity.span) for span in source.spans)
    }
    if len(units) != 1:
        return None
    (word,) = units
    if word is None or word.casefold() in _OF_TWO_KINDS:
        return None
    # "40 hours a week" limits hours: what an amount is per is left to other checks.
    measure = frozenset(item for item in measure_of(read_unit(word)) if item[1] > 0)
    return (measure, word) if measure else None
