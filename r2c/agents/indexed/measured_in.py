"""Whether two numbers are in the same unit: minutes for each piece, hours that are there."""

from __future__ import annotations

from r2c.cir.unit_table import PHYSICAL, read_unit


def times_larger(unit: str | None, other: str | None) -> float:
    """How many of one unit the other is, 60 for minutes and hours; 1 if they measure no one thing.

    Args:
        unit: the unit of what each needs, as written.
        other: the unit of what is there.
    """
    first, second = read_unit(unit), read_unit(other)
    if first is None or second is None or first.powers != second.powers:
        return 1.0
    alike = first.powers and all(base in PHYSICAL for base, _ in first.powers)
    return float(second.scale / first.scale) if alike else 1.0
