"""Readings that differ only in what they call a measure: `wood`, `wood_used`, `units_of_wood`."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from r2c.agents.clauses import Clause
from r2c.agents.plain.whole import named_near
from r2c.agents.statements import Datum, Statement, meaning_of, measures_of


def meaning(
    clause: Clause,
    statements: Sequence[Statement],
    decisions: Sequence[str],
    measures: Sequence[str],
) -> Hashable:
    """What a reading says; equal for readings that count as one in a vote.

    A measure that no earlier sentence named is known by the first number that it is used for, if
    its name is made of words near that number. So samples may call it what they like, but one that
    takes the numbers of two measures for each other says another thing.

    Args:
        clause: the sentence.
        statements: the reading.
        decisions: the names of the decisions.
        measures: the measures that earlier sentences named.
    """
    if len(statements) != len(clause.slots):
        return meaning_of(statements)
    limits = [item for item in statements if not isinstance(item, Datum)]
    kept = {*measures, *measures_of(limits, decisions)}
    called: dict[str, str] = {}
    for place, (item, slot) in enumerate(zip(statements, clause.slots, strict=True)):
        if isinstance(item, Datum) and item.measure not in kept and item.measure not in called:
            near = named_near(slot, [item.measure])
            called[item.measure] = f"number {place + 1}" if near else item.measure
    return meaning_of(
        replace(item, measure=called.get(item.measure, item.measure))
        if isinstance(item, Datum)
        else item
        for item in statements
    )
