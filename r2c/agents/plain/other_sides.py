"""Limits turned around where the words do not say from which side a number limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from r2c.agents.clauses import Clause
from r2c.agents.statements import Limit, Statement, write_statements
from r2c.cir.expr import CompareOp, Num

_OTHER: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


def other_sides(clause: Clause, statements: Sequence[Statement]) -> tuple[str, ...]:
    """The reading with one limit turned around, for each one whose side is open."""
    return tuple(_turned(clause, statements))


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
