"""Numbers written with digits: decimals, thousands, fractions, percent, clock times, ordinals.

Only the shape is judged here; whether `1` in `Machine 1` is a name is decided in `labels`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Literal

from r2c.problem.dollar_signs import currency_before

Kind = Literal["number", "word", "percent", "fraction", "multiplier", "ordinal", "label"]


@dataclass(frozen=True)
class Mark:
    """A number found at `[start, end)`, before its unit and its role are known.

    `plain` holds for bare integers, the only ones that may turn out to be part of a name.
    """

    start: int
    end: int
    value: float
    kind: Kind
    unit: str | None = None
    plain: bool = False


SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
    "dozen": 12.0,
}
VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒"
PERCENT = re.compile(r"[ \u00a0~]?\\?%|[\s-]?per[ -]?cent\b|\s+percentage[ -]points?\b", re.I)

_NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,3}(?:\{,\}[0-9]{3})+(?![0-9])"
    r"|[0-9]{1,3}(?:[\u00a0\u202f\u2009][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
    r"(?:[eE][+-]?[0-9]{1,3}(?![A-Za-z0-9]))?|\.[0-9]+"
)
_FRAC = r"\{?\\[dt]?frac\s*\{\s*(?P<{0}n>[0-9]+)\s*\}\s*\{\s*(?P<{0}d>[0-9]*[1-9][0-9]*)\s*\}\}?"
_SCAN = re.compile(
    rf"""
    (?P<long>[0-9]{{41,}})
  | (?P<date>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9])|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}
            |24/7(?![0-9])|[0-9]+(?:\.[0-9]+){{2,}})
  | (?P<clock>[0-9]{{1,2}}:[0-5][0-9](?![0-9:]))
  | (?P<latex>(?:(?P<whole>[0-9]+)[~\s]?)?{_FRAC.replace("{0}", "l").replace("{{", "{")})
  | (?P<vulgar>(?:(?P<vwhole>[0-9]+)\ ?)?(?P<vpart>[{VULGAR}]))
  | (?P<mixed>(?P<mwhole>[0-9]+)[ -](?P<mn>[0-9]+)/(?P<md>[0-9]*[1-9][0-9]*)(?![0-9/.]))
  | (?P<ratio>(?P<rn>[1-9][0-9]*)\s?[/⁄]\s?(?!1(?![0-9]))(?P<rd>[0-9]*[1-9][0-9]*)(?![0-9/.]))
  | (?P<ordinal>(?P<nth>[0-9]+)(?:st|nd|rd|th)\b)
  | (?P<power>(?:(?P<factor>{_NUMBER})\s*(?:\\times|\\cdot|×|\*|x)\s*)?
            10\s?\^\s?\{{?(?P<exponent>-?[0-9]{{1,2}})\}}?)
  | (?P<number>{_NUMBER})
    """,
    re.X,
)
_LIST = re.compile(r"[\[{][^\[\]{}\n]*[\]}]")
_INTEGER = re.compile(r"[0-9]+")
_SCALE = re.compile(r"[ \u00a0-]?(hundred|thousand|million|billion|trillion|lakh|crore)s?\b", re.I)
_DOZEN = re.compile(r"[ \u00a0]dozen\b", re.I)
_SHORT = re.compile(r"[kK](?![A-Za-z0-9])")
_MONEY_SHORT = re.compile(r"(bn|[mMbB])(?![A-Za-z0-9])")
_AND_HALF = re.compile(r"\s+and\s+(?:a|one)[ -]half\b", re.I)
_TIMES = re.compile(
    r"(?:\s+times|x)(?=\s+(?:as|the|that|those|this|more|less|larger|greater|higher|longer"
    r"|bigger|faster|its|their|of|what|any|[0-9])\b)|-?fold\b",
    re.I,
)
_MONEY = {"m": 1e6, "b": 1e9, "bn": 1e9}


def find_numerals(text: str, delimiters: frozenset[int]) -> list[Mark]:
    """All numbers written with digits, in order, none overlapping."""
    marks: list[Mark] = []
    lists = [m.span() for m in _LIST.finditer(text) if _commas_separate(m.group())]
    starts = [start for start, _ in lists]
    position = 0
    while match := _SCAN.search(text, position):
        mark = _shape(match)
        nearest = bisect_right(starts, mark.start) - 1
        inside = nearest >= 0 and mark.start < lists[nearest][1]
        if inside and match.lastgroup == "number" and "," in match.group():
            mark = _integer(text, mark.start)
        if mark.kind != "label" and mark.kind != "ordinal":
            mark = _suffixed(text, _signed(text, mark, delimiters))
        position = mark.end
        if math.isfinite(mark.value):
            marks.append(mark)
    return marks


def _commas_separate(content: str) -> bool:
    # `[12,150,200]` is a list of three numbers, `[1,200, 1,500]` of two.
    return ", " not in content and "{,}" not in content


def _integer(text: str, start: int) -> Mark:
    digits = _INTEGER.match(text, start)
    assert digits is not None
    return Mark(start, digits.end(), float(digits.group()), "number", plain=True)


def _shape(match: re.Match[str]) -> Mark:
    start, end, group = match.start(), match.end(), match.lastgroup
    part = {name: float(value) for name, value in match.groupdict().items() if _is_digits(value)}
    if group == "long":  # an identifier: nobody counts that far
        return Mark(start, end, float(match.group()[:300]), "label")
    if group == "date":
        first = _INTEGER.match(match.group())
        return Mark(start, end, float(first.group()) if first else 0.0, "label")
    if group == "clock":
        hours, minutes = match.group().split(":")
        return Mark(start, end, int(hours) + int(minutes) / 60, "label", plain=True)
    if group == "vulgar":
        value = part.get("vwhole", 0.0) + unicodedata.numeric(match.group("vpart"))
        return Mark(start, end, value, "fraction")
    for whole, top, bottom in (("whole", "ln", "ld"), ("mwhole", "mn", "md"), ("", "rn", "rd")):
        if top in part:
            return Mark(start, end, part.get(whole, 0.0) + part[top] / part[bottom], "fraction")
    if group == "ordinal":
        return Mark(start, end, part["nth"], "ordinal")
    if group == "power":
        factor = _plain_value(match.group("factor") or "1")
        return Mark(start, end, factor * 10.0 ** int(match.group("exponent")), "number")
    value = _plain_value(match.group())
    return Mark(start, end, value, "number", plain=_is_digits(match.group()))


def _is_digits(value: str | None) -> bool:
    return value is not None and value.isascii() and value.isdigit()


def _plain_value(written: str) -> float:
    return float(re.sub(r"\{,\}|[,\u00a0\u202f\u2009]", "", written))


def _signed(text: str, mark: Mark, delimiters: frozenset[int]) -> Mark:
    money = currency_before(text, mark.start, delimiters)
    unit, first = money if money else (None, mark.start)
    mark = replace(mark, unit=unit, plain=mark.plain and unit is None)
    if first == 0 or text[first - 1] not in "-−":
        return mark
    before = text[first - 2 : first - 1] if first >= 2 else ""
    if before and not before.isspace() and before not in "([{|,=:<>≤≥*/+$~\"'":
        return mark
    return replace(mark, start=first - 1, value=-mark.value, plain=False)


def _suffixed(text: str, mark: Mark) -> Mark:
    """Takes in what belongs to the number: `million`, `k`, `and a half`, `%`, `times`."""
    end, value = mark.end, mark.value
    if found := _SCALE.match(text, end) or _DOZEN.match(text, end):
        word = found.group().strip(" \u00a0-").lower().removesuffix("s")
        end, value = found.end(), value * SCALES[word]
    elif found := _SHORT.match(text, end):
        end, value = found.end(), value * 1e3
    elif mark.unit and (found := _MONEY_SHORT.match(text, end)):
        end, value = found.end(), value * _MONEY[found.group().lower()]
    elif found := _AND_HALF.match(text, end):
        end, value = found.end(), value + 0.5
    if end != mark.end:
        return replace(mark, end=end, value=value, plain=False)
    if found := PERCENT.match(text, end):
        return replace(
            mark, end=found.end(), value=value / 100, kind="percent", unit="%", plain=False
        )
    if found := _TIMES.match(text, end):
        return replace(mark, end=found.end(), kind="multiplier", plain=False)
    return mark
