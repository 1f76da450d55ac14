"""Reads a budget as a person writes it: `25%`, `800MB`, `2GiB`."""

from __future__ import annotations

import re

from r2c.errors import InputError, declare
from r2c_training.merge.plan.make_plan import Limits

BAD_BUDGET = declare(
    "R2C-T025", InputError,
    what="The budget {text!r} is not understood.",
    why="It is bytes that may be read of experts, or a share of reading all of them once.",
    remedy="Write it as 25%, 800MB or 2GiB, and give either --budget or --max-error.",
)  # fmt: skip

_UNITS = {
    "": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
    "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40,
}  # fmt: skip


def read_limits(budget: str | None, max_error: float | None) -> Limits:
    """The limits that two options give.

    Raises:
        InputError: R2C-T025.
    """
    if budget is None:
        return Limits(max_error=max_error)
    found = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(%|[A-Za-z]{0,3})\s*", budget)
    if found is None or max_error is not None:
        raise BAD_BUDGET(text=budget)
    number, unit = float(found[1]), found[2].upper()
    if unit == "%":
        return Limits(budget_share=number / 100)
    # A fraction of a byte is meant as a share, which is written in percent.
    if unit not in _UNITS or ("." in found[1] and _UNITS[unit] == 1):
        raise BAD_BUDGET(text=budget)
    return Limits(budget_bytes=int(number * _UNITS[unit]))
