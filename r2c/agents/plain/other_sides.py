"""Readings that no sample may have: limits turned around where their side is open, whole sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from r2c.agents.clauses import Clause
from r2c.agents.plain.preference import Telling, leaves_out
from r2c.agents.statements import Limit, Statement, write_statements
from r2c.cir.expr import Add, CompareOp, Name, Num

_OTHER: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


def other_sides(
    clause: Clause, statements: Sequence[Statement], telling: Telling
) -> tuple[str, ...]:
    """The reading with one limit turned around, for each one whose side is open, and whole sums."""
    return (*_turned(clause, statements), *_whole(clause, statements, telling))


def _whole(clause: Clause, statements: Sequence[Statement], telling: Telling) -> Iterator[str]:
    """The reading with sums of all decisions, where the words name none and some are left out."""
    every = Add(tuple(map(Name, telling)))
    mended = [
        Limit(replace(item.relation, args=(every, item.relation.args[-1])))
        if isinstance(item, Limit) and leaves_out(item, clause, telling)
        else item
        for item in statements
    ]
    if mended != list(statements):
        yield write_statements(mended)


def _turned(clause: Clause, statements: Sequence[Statement]) -> Iterator[str]:
    if len(statements) != len(clause.slots):
        return
    for place, (item, slot) in enumerate(zip(statements, clause.slots, strict=True)):
        if slot.side is not None or slot.per_unit or not isinstance(item, Limit):
            continue
        relation = item.relation
        other = _OTHER.get(relation.ops[0])
        if len(relation.ops) == 1 and other is not None and isinstance(relation.args[-1], Num):
            turned = Limit(replace(relation, ops=(other,)))
            yield write_statements((*statements[:place], turned, *statements[place + 1 :]))
