"""Factors between units, held against the units of what they multiply.

60 turns minutes into hours and nothing else. A factor that no number of the text is, and that
stands beside euros or alone as a limit, was taken for the wrong unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from r2c.cir.check_quotes import words_of
from r2c.cir.derivations import UNIT_FACTORS, words_with_units
from r2c.cir.expr import Div, Expr, Mul, Num, children, symbols
from r2c.cir.occurrences import Occurrence, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR, TableValues, WideValues
from r2c.cir.write import number
from r2c.formulation import Evidence
from r2c.problem.schema import Problem, Span
from r2c.verdict.scaled_sides import scales
from r2c.verdict.sources import Drawn, drawn

NAME = "conversions"
_PERCENT = re.compile(
    r"%|\bper\s?cent|\b(?:shares?|rates?|content|yield|portion|fraction|ratio|markdown|interest"
    r"|discount|loss|margin|efficiency|probability)\b",
    re.IGNORECASE,
)
_FACTORS = frozenset(factor for factor, *_ in UNIT_FACTORS)


def conversions(problem: Problem, cir: CIR, source: Drawn | None = None) -> Evidence:
    """Whether every factor between units stands beside an amount in one of the two."""
    if not problem.text.strip():
        return Evidence(check=NAME, passed=None, message="There is no text that names units.")
    used = source or drawn(cir, problem)
    found = dict(conflicts(problem, used.traced))
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values()) or "Units are converted only where they are meant.",
        rules=tuple(rule.id for rule in cir.rules if rule.id in found),
    )


def conflicts(problem: Problem, traced: CIR) -> Iterator[tuple[str, str]]:
    """Owners with what is wrong about a factor in them."""
    called = _called(problem, traced)
    quotes = [span for rule in traced.rules if (span := words_of(rule, problem)) is not None]
    scaled = frozenset(scales(traced))
    for owner in owners(traced):
        for value in _alone(owner, problem):
            yield owner.name, f"{number(value)} in {owner} stands alone and converts nothing."
        for tree in owner.trees():
            for factor, partners, divides in _factors(tree):
                source = source_of(owner, Occurrence(factor, 0, False))
                if (str(owner), factor) in scaled:
                    continue
                if source is None or not _is_conversion(source, factor, problem, quotes):
                    continue
                if not _fits(factor, partners, divides, owner, called, problem):
                    yield (
                        owner.name,
                        f"{number(factor)} in {owner} converts no unit of what stands beside it.",
                    )


def _alone(owner: Owner, problem: Problem) -> Iterator[float]:
    """Factors between units that are a whole limit or bound."""
    for place in owner.places if owner.kind in ("decision", "rule") else ():
        if isinstance(place.expr, Num) and place.expr.value in _FACTORS:
            source = source_of(owner, Occurrence(place.expr.value, 0, False))
            said = any(quantity.value == place.expr.value for quantity in problem.quantities)
            if source is not None and source.kind == "derived" and not said:
                yield place.expr.value


def _factors(expr: Expr) -> Iterator[tuple[float, tuple[Expr, ...], bool]]:
    """Numbers that are factors between units, with what they multiply, or divide (True)."""
    match expr:
        case Mul(factors):
            for place, item in enumerate(factors):
                if isinstance(item, Num) and item.value in _FACTORS:
                    yield item.value, factors[:place] + factors[place + 1 :], False
        case Div(top, Num(value)) if value in _FACTORS:
            yield value, (top,), True
    for child in children(expr):
        yield from _factors(child)


def _is_conversion(source: Source, factor: float, problem: Problem, quotes: Sequence[Span]) -> bool:
    """Whether nobody said the number itself: it is known from units alone.

    What is said outside of the words of all rules may be a price of the goal: "100 for each".
    """
    free = any(
        quantity.value == factor
        and quantity.kind == "number"
        and not any(span.overlaps(quantity.span) for span in quotes)
        for quantity in problem.quantities
    )
    if free:
        return False
    said = any(
        quantity.value == factor and quantity.kind in ("number", "word")
        for quantity in problem.quantities
        if any(span.overlaps(quantity.span) for span in source.spans)
    )
    if source.kind == "derived":
        # The 100 between brackets that start at 93 and 193 is no factor between units.
        return any((source.note or "").endswith(f" = {meaning}") for *_, meaning in UNIT_FACTORS)
    return source.kind == "text" and not said


def _fits(
    factor: float,
    partners: tuple[Expr, ...],
    divides: bool,
    owner: Owner,
    called: Mapping[str, str],
    problem: Problem,
) -> bool:
    names = sorted(set().union(*(symbols(item) for item in partners)))
    words = " ".join(called.get(name, name) for name in names)
    for item in partners:
        if isinstance(item, Num):
            source = source_of(owner, Occurrence(item.value, 0, False))
            words += " " + " ".join(_said(source, problem))
    if not words.strip():
        return True
    text = words_with_units(problem)
    known = [
        (large, small)
        for value, large, small, _ in UNIT_FACTORS
        if value == factor and all(re.search(unit, text, re.I) for unit in (large, small))
    ]
    if factor >= 1000 and any(large == small for large, small in known):
        # A model in thousands divides sums in full; one in full multiplies those in thousands.
        beside = " ".join(_beside(owner, called, problem))
        if divides or any(
            re.search(large, beside, re.I) for large, small in known if large == small
        ):
            return True
        known = [pair for pair in known if pair[0] != pair[1]]
    pairs = [f"{large}|{small}" for large, small in known]
    if factor == 100 and "%" in text and all(isinstance(item, Num) for item in partners):
        return True
    if factor == 100 and _PERCENT.search(words):
        return True
    return any(re.search(pair, words, re.IGNORECASE) for pair in pairs)


def _beside(owner: Owner, called: Mapping[str, str], problem: Problem) -> Iterator[str]:
    """The words of an owner, of the numbers in it and of all that it names."""
    yield owner.quote
    for tree in owner.trees():
        yield from (called.get(name, name) for name in symbols(tree))
    for entry in owner.literals:
        yield from (problem.quote(span) for span in entry.source.spans)


def _said(source: Source | None, problem: Problem) -> Iterator[str]:
    """The first place where a number is said, with the words after it."""
    for span in source.spans[:1] if source is not None else ():
        yield problem.text[max(0, span.start - 3) : span.end + 20]


def _called(problem: Problem, cir: CIR) -> dict[str, str]:
    """Every symbol with its unit and what it is called, as words."""
    found = {
        item.name: f"{item.name.replace('_', ' ')} {item.unit or ''} {item.meaning}"
        for item in cir.decisions
    }
    for item in cir.parameters:
        told = [item.name.replace("_", " "), item.unit or "", item.meaning]
        match item.value:
            case TableValues(table=table, value=column):
                told += [_caption(table, problem), column]
            case WideValues(table=table):
                told.append(_caption(table, problem))
        sources = [item.source, *(entry.source for entry in item.literals[:1])]
        told += [word for source in sources for word in _said(source, problem)]
        found[item.name] = " ".join(told)
    return found


def _caption(name: str, problem: Problem) -> str:
    """The name of a table, and what stands above it in the text, or tells of its file."""
    span = next((table.span for table in problem.tables if table.name == name), None)
    if span is not None:
        told = problem.text[: span.start].rstrip().rpartition("\n")[2]
    else:
        file = re.compile(rf"(?<!\w){re.escape(name)}\.\w")
        told = " ".join(item.text for item in problem.sentences if file.search(item.text))
    return f"{name.replace('_', ' ')} {told}"
