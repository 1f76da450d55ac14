"""Everything of the problem that a CIR draws on: words, cells, columns and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.check_quotes import find_quote
from r2c.cir.expr import symbols
from r2c.cir.literals import trace_literals
from r2c.cir.occurrences import occurrences, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.provenance import Source
from r2c.cir.schema import CIR, Parameter, TableColumns, TableValues, WideValues
from r2c.cir.write import number
from r2c.problem.schema import Problem, Span
from r2c.verdict.written_out import written_out


@dataclass(frozen=True)
class Drawn:
    """What a CIR uses of its problem.

    `spans` are the words that numbers come from, `quotes` those that rules and objectives quote;
    `columns` are table columns by table and name (None: every column), read or written out;
    `values` counts the numbers that the CIR writes, without sign. `combined` are numbers made
    of words that stand in several sentences, by owner: right for "5 machines. Each runs 8
    hours.", else a coincidence.
    """

    traced: CIR
    spans: tuple[Span, ...]
    quotes: tuple[Span, ...]
    cells: frozenset[tuple[str, int, str]]
    columns: frozenset[tuple[str, str | None]]
    values: Counter[float]
    combined: tuple[tuple[str, str], ...] = ()

    def uses_column(self, table: str, column: str) -> bool:
        """Whether a set or parameter holds the column."""
        return (table, column) in self.columns or (table, None) in self.columns


def drawn(cir: CIR, problem: Problem) -> Drawn:
    """What the CIR uses of the problem, numbers without a source traced first."""
    traced = trace_literals(cir, problem)
    found = [
        source
        for source in (
            *(item.source for item in traced.sets),
            *(item.source for item in traced.parameters),
            *(item.source for item in traced.decisions),
        )
        if source is not None
    ]
    values: Counter[float] = Counter()
    quotes: list[Span] = []
    combined: dict[tuple[str, str], None] = {}
    for owner in _in_use(traced):
        quotes.extend(_quoted(owner, problem))
        for item in occurrences(owner):
            values[abs(item.value)] += 1
            source = source_of(owner, item)
            if source is not None and not item.structural:
                found.append(source)
                if _from_several(source, problem):
                    combined[owner.name, source.note or number(item.value)] = None
    return Drawn(
        traced=traced,
        spans=tuple(dict.fromkeys(span for source in found for span in source.spans)),
        quotes=tuple(dict.fromkeys(quotes)),
        cells=frozenset(
            (cell.table, cell.row, cell.column) for source in found for cell in source.cells
        ),
        columns=frozenset((*_columns(traced), *written_out(traced, problem))),
        values=values,
        combined=tuple(combined),
    )


def _in_use(cir: CIR) -> Iterator[Owner]:
    """All owners but definitions that no rule, goal, decision or parameter comes to.

    A name for "the costs" that nothing limits and no goal counts says nothing about the plan.
    """
    parts = owners(cir)
    own = {owner.name: owner for owner in parts if owner.kind == "definition"}
    reached: set[str] = set()
    ahead = [owner for owner in parts if owner.kind != "definition"]
    while ahead:
        met = {name for tree in ahead.pop().trees() for name in symbols(tree)}
        new = met & own.keys() - reached
        reached |= new
        ahead += [own[name] for name in new]
    yield from (owner for owner in parts if owner.kind != "definition" or owner.name in reached)


def _from_several(source: Source, problem: Problem) -> bool:
    sentences = {
        sentence.number
        for span in source.spans
        for sentence in problem.sentences
        if span.overlaps(sentence.span)
    }
    return source.kind == "derived" and len(sentences) > 1


def _quoted(owner: Owner, problem: Problem) -> tuple[Span, ...]:
    if owner.span is not None:
        return (owner.span,)
    found = find_quote(owner.quote, problem)
    return () if found is None else (found,)


def _columns(cir: CIR) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for item in cir.sets:
        if isinstance(item.table, TableColumns):
            found.extend((item.table.table, column) for column in item.table.columns)
    for parameter in cir.parameters:
        found.extend(_parameter_columns(parameter))
    return found


def _parameter_columns(item: Parameter) -> list[tuple[str, str | None]]:
    match item.value:
        case TableValues(table=table, keys=keys, value=value):
            return [(table, column) for column in (*keys, value)]
        case WideValues(table=table, key=key, columns=columns):
            return [(table, name) for name in (key, *(columns or (None,)))]
        case _:
            return []
