"""Numbers and members as planners write them."""

from __future__ import annotations

from r2c.cir.schema import Element
from r2c.telling.equation import MINUS


def amount(value: float) -> str:
    """A value as a planner writes it: rounding noise gone, at most six decimals."""
    rounded = round(value, 6) + 0.0
    text = f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.6f}".rstrip("0")
    return text.replace("-", MINUS)


def signed(value: float) -> str:
    """A change, always with its sign."""
    return amount(value) if value < 0 or not value else "+" + amount(value)


def key_text(key: tuple[Element, ...]) -> str:
    """The members that a value belongs to."""
    return ", ".join(str(part) for part in key)
