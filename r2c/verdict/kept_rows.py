"""Rows of soft rules that the plan breaks: they hold only because something is paid."""

from __future__ import annotations

from collections.abc import Iterable

from r2c.formulation import RowReport, RuleCost


def kept_rows(rows: Iterable[RowReport], costs: Iterable[RuleCost]) -> list[RowReport]:
    """The rows without those of a member for which their rule is broken."""
    broken = {(cost.rule, cost.key) for cost in costs if cost.broken is not None}
    lengths = {len(key) for _, key in broken}
    return [
        row for row in rows if not any((row.rule, row.key[:length]) in broken for length in lengths)
    ]
