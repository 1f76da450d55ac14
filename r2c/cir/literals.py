"""Every number in a CIR comes from somewhere: found automatically, and held to what it claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from r2c.cir.check_quotes import find_quote
from r2c.cir.derivations import is_made_of, is_unit_factor, says, sources_of
from r2c.cir.expr import Num
from r2c.cir.occurrences import Occurrence, occurrences, source_of
from r2c.cir.owners import (
    Owner,
    of_decision,
    of_definition,
    of_objective,
    of_parameter,
    of_rule,
    owners,
)
from r2c.cir.provenance import NumberSource, Source
from r2c.cir.schema import CIR, Decision, Definition, Objective, Parameter, Rule
from r2c.cir.table_access import rows_told
from r2c.cir.write import number
from r2c.errors import CIRError, Fault, declare
from r2c.problem.schema import Cell, Problem, Span

UNEXPLAINED = declare(
    "R2C-C080", CIRError,
    what="The number {value} of {place} is not in the problem: {quote!r}.",
    why="It is neither said in the text, nor in a table, nor made of numbers that are.",
    remedy="Correct it, or record where it comes from: derived (say how) or assumed.",
)  # fmt: skip
UNSUPPORTED_SOURCE = declare(
    "R2C-C081", CIRError,
    what="The number {value} of {place} is said to come from {words!r}, which does not say it.",
    why="A wrong source hides a number that was misread or invented.",
    remedy="Correct the number or its source.",
)  # fmt: skip

_Traced = TypeVar("_Traced", Parameter, Definition, Decision, Rule, Objective)


def literal_faults(cir: CIR, problem: Problem) -> Iterator[Fault]:
    """Numbers without a source, and sources that do not say the number they are given for."""
    for owner in owners(cir):
        reported: set[tuple[float, Source | None]] = set()
        for item in occurrences(owner):
            source = source_of(owner, item)
            if (item.value, source) in reported or (source is None and item.structural):
                continue
            reported.add((item.value, source))
            if source is None:
                quote = owner.quote or _sentence(owner, problem)
                yield UNEXPLAINED.fault(value=number(item.value), place=str(owner), quote=quote)
            elif not item.structural and not supports(source, item.value, problem):
                yield UNSUPPORTED_SOURCE.fault(
                    value=number(item.value), place=str(owner), words=_words(source, problem)
                )


def unexplained(cir: CIR) -> tuple[tuple[Owner, Occurrence], ...]:
    """The numbers that have no source, with their owners; structural ones are exempt."""
    return tuple(
        (owner, item)
        for owner in owners(cir)
        for item in occurrences(owner)
        if not item.structural and source_of(owner, item) is None
    )


def supports(source: Source, value: float, problem: Problem) -> bool:
    """Whether what the source points at says the value; assumptions and answers always do."""
    if source.kind in ("assumed", "answer"):
        return True
    if source.kind == "derived":
        return _follows(source, value, problem)
    if source.kind == "cell":
        return any(_cell_says(cell, value, problem) for cell in source.cells)
    return any(
        span.overlaps(quantity.span) and says(quantity, value)
        for span in source.spans
        for quantity in problem.quantities
    )


def _follows(source: Source, value: float, problem: Problem) -> bool:
    """Whether a number can be made of those that its source points at."""
    said = [
        quantity
        for quantity in problem.quantities
        if any(span.overlaps(quantity.span) for span in source.spans)
    ]
    read = [found for cell in source.cells if (found := _number_in(cell, problem)) is not None]
    numbers = [*(quantity.value for quantity in said), *read]
    percent = any(quantity.kind == "percent" for quantity in said)
    # The unit of a factor may stand beside a number: the "dozen" of "5 dozen".
    factor = source.cells == () and is_unit_factor(value, problem)
    return factor or (bool(numbers) and is_made_of(value, numbers, percent=percent))


def trace_literals(cir: CIR, problem: Problem) -> CIR:
    """The CIR with a source for every number that the problem explains.

    Sources that are already there are kept. Numbers that stay unexplained get none, so that
    `check` reports them.
    """
    dims = {item.name: item.dim for item in cir.sets}
    told = words_of_rules(cir, problem)
    taken = words_of_others(told)
    return cir.model_copy(
        update={
            "parameters": tuple(
                _parameter(item, of_parameter(item, dims), problem) for item in cir.parameters
            ),
            "definitions": tuple(
                _traced(item, of_definition(item), problem, taken) for item in cir.definitions
            ),
            "decisions": tuple(
                _traced(item, of_decision(item, dims), problem, taken) for item in cir.decisions
            ),
            "rules": tuple(
                _traced(
                    item,
                    of_rule(item),
                    problem,
                    words_of_others(told, item.id),
                )
                for item in cir.rules
            ),
            "objectives": tuple(
                _traced(item, of_objective(item, place), problem, taken)
                for place, item in enumerate(cir.objectives, start=1)
            ),
        }
    )


def words_of_rules(cir: CIR, problem: Problem) -> dict[str, tuple[Span, ...]]:
    """The words of every rule."""
    return {item.id: words_near(of_rule(item), problem) for item in cir.rules}


def words_of_others(told: dict[str, tuple[Span, ...]], rule: str = "") -> tuple[Span, ...]:
    """The words of all rules but one."""
    return tuple(span for name, spans in told.items() if name != rule for span in spans)


def _parameter(item: Parameter, owner: Owner, problem: Problem) -> Parameter:
    if item.source is not None or item.literals:
        return item
    if len(owner.places) == 1 and isinstance(owner.places[0].expr, Num):
        found = sources_of(owner.places[0].expr.value, problem, ())
        return item.model_copy(update={"source": found[0]}) if found else item
    return _traced(item, owner, problem)


def _traced(item: _Traced, owner: Owner, problem: Problem, taken: tuple[Span, ...] = ()) -> _Traced:
    near = words_near(owner, problem)
    counts: dict[float, int] = {}
    numbers = occurrences(owner)
    written = {abs(one.value) for one in numbers}
    for occurrence in numbers:
        if not occurrence.structural and source_of(owner, occurrence) is None:
            counts[occurrence.value] = counts.get(occurrence.value, 0) + 1
    fresh: list[NumberSource] = [
        NumberSource(value=value, source=source)
        for value, count in counts.items()
        for source in sources_of(value, problem, near, taken, written)[:count]
    ]
    if not fresh:
        return item
    return item.model_copy(update={"literals": (*item.literals, *fresh)})


def words_near(owner: Owner, problem: Problem) -> tuple[Span, ...]:
    """Where an owner's own words stand; nowhere if it has none."""
    if owner.span is not None:
        return (owner.span,)
    if owner.source is not None and owner.source.spans:
        return owner.source.spans
    found = find_quote(owner.quote, problem)
    return () if found is None else (found,)


def _sentence(owner: Owner, problem: Problem) -> str:
    near = words_near(owner, problem)
    return " ".join(
        sentence.text
        for sentence in problem.sentences
        if any(span.overlaps(sentence.span) for span in near)
    )


def _words(source: Source, problem: Problem) -> str:
    cells = (f"{cell.table}, {_row(cell, problem)}, {cell.column}" for cell in source.cells)
    return "; ".join((*(problem.quote(span) for span in source.spans), *cells))


def _row(cell: Cell, problem: Problem) -> str:
    table = next((item for item in problem.tables if item.name == cell.table), None)
    return f"row {cell.row + 1}" if table is None else rows_told(table, [cell.row])


def _cell_says(cell: Cell, value: float, problem: Problem) -> bool:
    found = _number_in(cell, problem)
    return found is not None and abs(found) == abs(value)


def _number_in(cell: Cell, problem: Problem) -> float | None:
    """The number in a cell; None if there is no such cell or no number in it."""
    for table in problem.tables:
        names = [column.name for column in table.columns]
        if table.name == cell.table and cell.column in names and cell.row < len(table.rows):
            found = table.rows[cell.row][names.index(cell.column)]
            return float(found) if isinstance(found, float | int) else None
    return None
