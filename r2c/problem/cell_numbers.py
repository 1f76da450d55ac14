"""Reads the number that a cell holds, with its unit, and tells what means "no value".

A percentage stays as written: `60%` becomes 60 with the unit `%`, because a column that says
percent is compared with other percentages; only quantities in sentences are read as 0.6.
"""

from __future__ import annotations

import math
import re

from r2c.problem.scales import scale_sign, scale_word
from r2c.problem.schema import Scalar

MISSING = frozenset({"", "-", "–", "—", "--", "n/a", "#n/a"})
"""What means "no value" in any column."""
_MISSING_AMONG_NUMBERS = frozenset({"na", "nan", "null", "none", ".", "?"})
"""What means "no value" only where the rest of the column is numbers (NA may be Namibia)."""
_CURRENCY = r"(?:\$|€|£|¥|₹|US\$|USD|EUR|GBP|CNY|RMB|INR|CHF)"
_HEAD = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−])?\s?(?P<money>{_CURRENCY})?\s?(?P<minus>[-−])?"
    r"(?P<digits>(?:\d{1,3}(?P<mark>[, \u00a0\u202f\u2009'’])\d{3}(?:(?P=mark)\d{3})*|\d+)"
    r"(?:\.\d*)?|\.\d+)(?:[eE](?P<exponent>[+-]?\d{1,3}))?"
)
_TAIL = re.compile(
    rf"\s?(?P<unit>%|{_CURRENCY}|(?:[A-Za-z°µ][A-Za-z²³]*)(?:/[A-Za-z]+|\sper\s[A-Za-z]+)?)?"
    r"(?P<close>\))?"
)
_WITH_COMMA = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+(?:,\d*)?|\d+,\d+)(?![\d.,])")
_LEADING_ZERO = re.compile(r"[-+]?0\d")

Number = tuple[float, str | None]
"""A number and its unit."""


def read_number(written: str) -> Number | None:
    """The number a cell holds and its unit, or None: `$8,100`, `12 000`, `60%`, `(5)`, `5 kg`.

    The reading is English; a number with a decimal comma is read from its `pointed` form.
    """
    content = written.strip()
    head = _HEAD.match(content)
    if head is None:
        return None
    money = head.group("money") is not None
    scale = scale_word(content, head.end()) or scale_sign(content, head.end(), money=money)
    end, factor = scale or (head.end(), 1.0)
    tail = _TAIL.fullmatch(content, end)
    if tail is None or bool(head.group("open")) != bool(tail.group("close")):
        return None
    digits = re.sub(r"[^\d.]", "", head.group("digits"))
    if _LEADING_ZERO.match(digits) or len(digits) > 40:
        return None
    value = float(f"{digits}e{head.group('exponent') or 0}") * factor
    negatives = sum(bool(head.group(name)) for name in ("open", "minus"))
    negatives += head.group("sign") in ("-", "−")
    if not math.isfinite(value) or negatives > 1:
        return None
    return (-value if negatives else value), head.group("money") or tail.group("unit")


def pointed(written: str) -> str:
    """The cell with decimal points for decimal commas: `1.234,5 kg` becomes `1234.5 kg`.

    What cannot be written with decimal commas (`2.5`) stays as it is.
    """
    return _WITH_COMMA.sub(lambda found: found[0].replace(".", "").replace(",", "."), written)


def is_infinite(written: str) -> bool:
    """Whether a cell is a number that is not finite or too large: `inf`, `-Infinity`, `1e400`."""
    content = written.strip().replace("−", "-").replace("∞", "inf")
    try:
        return math.isinf(float(content))
    except ValueError:
        return False


def is_nothing(cell: Scalar) -> bool:
    """Whether a cell means "no value" in any column."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING)


def is_missing(cell: Scalar) -> bool:
    """Whether a cell means "no value" in a column of numbers."""
    named = isinstance(cell, str) and cell.strip().lower() in _MISSING_AMONG_NUMBERS
    return named or is_nothing(cell)
