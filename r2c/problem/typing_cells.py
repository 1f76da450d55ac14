"""Gives the cells of a column their type: number with unit, truth value, text or missing.

A percentage stays as written: `60%` becomes 60 with the column unit `%`, because a column that
says percent is compared with other percentages; only quantities in sentences are read as 0.6.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.problem.scales import scale_sign, scale_word
from r2c.problem.schema import Scalar

MISSING = frozenset({"", "-", "–", "—", "--", "n/a", "#n/a"})
"""What means "no value" in any column."""
MISSING_AMONG_NUMBERS = frozenset({"na", "nan", "null", "none", ".", "?"})
"""What means "no value" only where the rest of the column is numbers (NA may be Namibia)."""
_TRUTH = {"yes": True, "no": False, "true": True, "false": False}
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
_DECIMAL_COMMA = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})*,\d+|[-+]?\d+,\d+")
_PROVES_COMMA = re.compile(r".*,(?:\d{1,2}|\d{4,})|.*\..*,.*")
_LEADING_ZERO = re.compile(r"[-+]?0\d")


@dataclass(frozen=True)
class TypedColumn:
    """The values of a column after typing."""

    type: str
    unit: str | None
    values: tuple[Scalar, ...]


def read_number(written: str) -> tuple[float, str | None] | None:
    """The number a cell holds and its unit, or None: `$8,100`, `12 000`, `60%`, `(5)`, `5 kg`."""
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


def type_column(
    values: Sequence[Scalar], *, written: bool = True, decimal_comma: bool = False
) -> TypedColumn:
    """Types one column.

    Args:
        values: the cells, top to bottom.
        written: True where text may stand for numbers (text tables, CSV, spreadsheets); False
            where the source has types of its own (JSON, memory), so that text stays text.
        decimal_comma: True where `1,5` may be one and a half; used only if some cell of the
            column cannot be read otherwise.
    """
    cells = [None if _is_missing(value, MISSING) else value for value in values]
    if decimal_comma and written:
        cells = _with_decimal_points(cells)
    sure = [c for c in cells if c is not None and not _is_missing(c, MISSING_AMONG_NUMBERS)]
    if not any(cell is not None for cell in cells):
        return TypedColumn("empty", None, tuple(None for _ in cells))
    numbers = _as_numbers(cells, written) if sure else None
    if numbers is not None:
        return numbers
    present = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, bool) for cell in present):
        return TypedColumn("boolean", None, tuple(cells))
    if written and all(isinstance(c, str) and c.strip().lower() in _TRUTH for c in present):
        truths = (None if c is None else _TRUTH[str(c).strip().lower()] for c in cells)
        return TypedColumn("boolean", None, tuple(truths))
    return TypedColumn("text", None, tuple(_as_text(cell) for cell in cells))


def _is_missing(value: Scalar, markers: frozenset[str]) -> bool:
    return isinstance(value, str) and value.strip().lower() in markers


def _as_numbers(cells: Sequence[Scalar], written: bool) -> TypedColumn | None:
    """The column as numbers of one unit, or None if it is something else."""
    values: list[Scalar] = []
    units: dict[str, str] = {}
    bare = False
    for cell in cells:
        if cell is None or _is_missing(cell, MISSING_AMONG_NUMBERS):
            values.append(None)
            continue
        if isinstance(cell, float) and not isinstance(cell, bool):
            values.append(cell)
            bare = bare or cell != 0
            continue
        number = read_number(cell) if written and isinstance(cell, str) else None
        if number is None:
            return None
        values.append(number[0])
        if number[1] is None:
            bare = bare or number[0] != 0
        else:
            units.setdefault(number[1].lower().rstrip("s"), number[1])
    if len(units) > 1 or ("%" in units and bare):
        return None
    return TypedColumn("number", next(iter(units.values()), None), tuple(values))


def _with_decimal_points(cells: list[Scalar]) -> list[Scalar]:
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    if not any(_DECIMAL_COMMA.fullmatch(t) and _PROVES_COMMA.fullmatch(t) for t in texts):
        return cells
    return [
        cell.replace(".", "").replace(",", ".")
        if isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(cell.strip())
        else cell
        for cell in cells
    ]


def _as_text(cell: Scalar) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
