"""Numbers of a rule that are said only where they mean something else.

A 60 that only stands in a table which the model reads as data, or in the words of another rule, is
no source for a 60 in this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.check_quotes import words_of
from r2c.cir.occurrences import Occurrence, occurrences, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.provenance import Source
from r2c.problem.schema import Problem, Span
from r2c.verdict.sources import Drawn

_BOTH = 2.0
"""What "both" makes of two yes-or-no decisions; no number of the text need say it."""


def borrowed(problem: Problem, used: Drawn) -> tuple[tuple[str, float], ...]:
    """Owners with numbers whose only source belongs to something else in the model."""
    parts = owners(used.traced)
    rules = [span for owner in parts for span in _quote(owner, problem)]
    lists = [span for owner in parts for span in _listed(owner)]
    tables = [
        table.span
        for table in problem.tables
        if table.span is not None
        and any(used.uses_column(table.name, column.name) for column in table.columns)
    ]
    found = []
    for owner in parts:
        if owner.kind not in ("rule", "objective", "decision"):
            continue
        sentences = _sentences(owner, problem)
        if owner.kind == "rule" and not sentences:
            continue  # nothing tells where it comes from
        for item in occurrences(owner):
            if item.structural or item.value == _BOTH:
                continue
            source = source_of(owner, item)
            if source is None or source.kind not in ("text", "cell"):
                continue
            if any(span.overlaps(own) for span in source.spans for own in sentences):
                continue
            # A sentence about a rule may also give the price of what the goal counts.
            taken = [*lists, *tables, *(rules if owner.kind == "rule" else ())]
            if _elsewhere(source, taken, used):
                found.append((str(owner), item.value))
    return tuple(dict.fromkeys(found))


def _elsewhere(source: Source, taken: list[Span], used: Drawn) -> bool:
    if source.kind == "cell":
        return all(used.uses_column(cell.table, cell.column) for cell in source.cells)
    return all(any(span.overlaps(other) for other in taken) for span in source.spans)


def _quote(owner: Owner, problem: Problem) -> Iterator[Span]:
    """The words that a rule quotes."""
    span = words_of(owner, problem) if owner.kind == "rule" else None
    if span is not None:
        yield span


def _listed(owner: Owner) -> Iterator[Span]:
    """The numbers of the text that a parameter holds."""
    for item in occurrences(owner) if owner.kind == "parameter" else ():
        source = source_of(owner, Occurrence(item.value, item.rank, item.structural))
        if source is not None and source.kind == "text":
            yield from source.spans


def _sentences(owner: Owner, problem: Problem) -> list[Span]:
    """The sentences that an owner quotes from."""
    span = words_of(owner, problem)
    if span is None:
        return []
    return [item.span for item in problem.sentences if item.span.overlaps(span)]
