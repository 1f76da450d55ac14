"""Turns values of other libraries (numpy, decimal, datetime, pandas) into plain cell values."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from fractions import Fraction

from r2c.problem.faults import NOT_A_SCALAR
from r2c.problem.schema import Scalar


def to_scalar(value: object, *, where: str, column: str, row: int) -> Scalar:
    """The value as text, finite number, truth value or None (not-a-number and not-a-time too).

    Raises:
        InputError: R2C-P051 for anything else, such as a list or an infinite number.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float | Decimal | Fraction):
        number = _to_float(value)
        if number is not None and math.isnan(number):
            return None
        if number is not None and math.isfinite(number):
            return number
    elif isinstance(value, datetime.date | datetime.time):
        # pandas' missing time is a datetime whose text is NaT
        return None if str(value) == "NaT" else value.isoformat()
    elif type(value).__name__ in ("NAType", "NaTType"):
        return None
    elif (item := getattr(value, "item", None)) is not None and callable(item):
        return _unboxed(item(), value, where=where, column=column, row=row)
    raise NOT_A_SCALAR(where=where, column=column, row=row, type=type(value).__name__)


def _unboxed(inner: object, outer: object, *, where: str, column: str, row: int) -> Scalar:
    if type(inner) is type(outer):
        raise NOT_A_SCALAR(where=where, column=column, row=row, type=type(outer).__name__)
    return to_scalar(inner, where=where, column=column, row=row)


def _to_float(value: float | Decimal | Fraction) -> float | None:
    try:
        return float(value)
    except (OverflowError, ValueError):
        return None
