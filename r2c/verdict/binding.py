"""The limits of rules that a plan has reached, so that two plans can be held side by side."""

from __future__ import annotations

from r2c.cir.schema import Element
from r2c.formulation import Formulation, RowReport
from r2c.solve.room import room
from r2c.supposition import Bound
from r2c.verdict.telling_rows import telling_rows, template_of

Place = tuple[str, tuple[Element, ...], str]


def bounds_reached(answer: Formulation) -> dict[Place, Bound]:
    """The inequalities that leave no room, by rule, member and part.

    Equations always hold exactly, so they are none; nor are rows over auxiliary variables, nor
    rows of a soft rule that is broken.
    """
    if answer.cir is None or answer.solution is None:
        return {}
    broken = broken_places(answer)
    quotes = {rule.id: rule.quote for rule in answer.cir.rules}
    found: dict[Place, Bound] = {}
    for row in telling_rows(answer.solution.rows, answer.cir, answer.choices):
        part, limit = template_of(row), _limit(row)
        if limit is None or is_broken(row, broken):
            continue
        stated = row.data_sign * limit + 0.0
        found[row.rule, row.key, part] = Bound(
            rule=row.rule,
            key=row.key,
            part=part.replace("_", " "),
            limit=stated if row.data_sign else None,
            quote=quotes.get(row.rule, ""),
        )
    return found


def broken_places(answer: Formulation) -> set[tuple[str, tuple[Element, ...]]]:
    """The soft rules that a plan breaks, by rule and member."""
    costs = () if answer.solution is None else answer.solution.costs
    return {(cost.rule, cost.key) for cost in costs if cost.broken is not None}


def _limit(row: RowReport) -> float | None:
    if row.lower is not None and row.lower == row.upper:
        return None
    for end in (row.upper, row.lower):
        if end is not None and abs(row.activity - end) <= room(end):
            return end
    return None


def is_broken(row: RowReport | Bound, broken: set[tuple[str, tuple[Element, ...]]]) -> bool:
    """Whether a row or limit is one of a soft rule that is broken."""
    return any((row.rule, row.key[:length]) in broken for length in range(len(row.key) + 1))
