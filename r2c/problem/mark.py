"""A number found in a text, before its unit and its sentence are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "word", "percent", "fraction", "multiplier", "ordinal", "label"]


@dataclass(frozen=True)
class Mark:
    """A number at `[start, end)`.

    `plain` holds for bare integers, the only ones that may turn out to be part of a name. `scale`
    is the factor of the scale word that the number ends in (1e6 for `1.5 million`), 1 without one.
    """

    start: int
    end: int
    value: float
    kind: Kind
    unit: str | None = None
    plain: bool = False
    scale: float = 1.0
