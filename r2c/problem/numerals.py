"""Numbers written with digits: decimals, thousands, fractions, percent, clock times, ordinals.

Only the shape is judged here; whether `1` in `Machine 1` is a name is decided in `labels`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from dataclasses import replace

from r2c.problem.digit_groups import grouped
from r2c.problem.dollar_signs import currency_before
from r2c.problem.mark import Mark
from r2c.problem.number_style import NumberStyle
from r2c.problem.number_tail import with_tail, with_unit_between
from r2c.problem.signs import sign_start

VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

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
  | (?P<parts>(?P<pn>[1-9])[ -](?P<pd>half|halves|thirds?|quarters?|fourths?|fifths?|sixths?
            |eighths?|tenths?)(?=\s+of\b)(?!\s+of\s+[0-9]))
  | (?P<power>(?:(?P<factor>{_NUMBER})\s*(?:\\times|\\cdot|×|\*|x)\s*)?
            10(?:\s?(?:\^|\*\*)\s?\{{?(?P<exponent>-?[0-9]{{1,2}})\}}?|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})))
  | (?P<number>{_NUMBER})
    """,
    re.X,
)
_BOTTOMS = {
    "hal": 2.0, "thi": 3.0, "qua": 4.0, "fou": 4.0, "fif": 5.0, "six": 6.0, "eig": 8.0, "ten": 10.0
}  # fmt: skip
_LIST = re.compile(r"[\[{][^\[\]{}\n]*[\]}]")
_INTEGER = re.compile(r"[0-9]+")


def find_numerals(
    text: str, delimiters: frozenset[int], style: NumberStyle | None = None
) -> list[Mark]:
    """All numbers written with digits, in order, none overlapping.

    Args:
        text: where to look.
        delimiters: positions of the `$` that belong to mathematics.
        style: what the whole text proves of its way to write numbers.
    """
    style = style or NumberStyle()
    marks: list[Mark] = []
    lists = [m.span() for m in _LIST.finditer(text) if _commas_separate(m.group())]
    starts = [start for start, _ in lists]
    position = 0
    while match := _SCAN.search(text, position):
        nearest = bisect_right(starts, match.start()) - 1
        inside = nearest >= 0 and match.start() < lists[nearest][1]
        mark = _listed(text, match) if inside else _grouped(text, match, style) or _shape(match)
        if mark.kind != "label" and mark.kind != "ordinal":
            mark = _completed(text, mark, delimiters)
        position = mark.end
        if math.isfinite(mark.value):
            marks.append(mark)
    return marks


def _commas_separate(content: str) -> bool:
    # `[12,150,200]` is a list of three numbers, `[1,200, 1,500]` of two.
    return ", " not in content and "{,}" not in content


def _listed(text: str, match: re.Match[str]) -> Mark:
    if match.lastgroup != "number" or "," not in match.group():
        return _shape(match)
    digits = _INTEGER.match(text, match.start())
    assert digits is not None
    return Mark(match.start(), digits.end(), float(digits.group()), "number", plain=True)


def _grouped(text: str, match: re.Match[str], style: NumberStyle) -> Mark | None:
    found = grouped(text, match.start(), style)
    return None if found is None else Mark(match.start(), *found, "number")


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
    if group == "parts":
        return Mark(start, end, part["pn"] / _BOTTOMS[match.group("pd")[:3].lower()], "fraction")
    return _whole(match, part)


def _whole(match: re.Match[str], part: dict[str, float]) -> Mark:
    start, end, group = match.start(), match.end(), match.lastgroup
    if group == "ordinal":
        return Mark(start, end, part["nth"], "ordinal")
    if group == "power":
        factor = _plain_value(match.group("factor") or "1")
        exponent = match.group("exponent") or match.group("raised").translate(_SUPERSCRIPTS)
        return Mark(start, end, factor * 10.0 ** int(exponent), "number")
    value = _plain_value(match.group())
    return Mark(start, end, value, "number", plain=_is_digits(match.group()))


def _is_digits(value: str | None) -> bool:
    return value is not None and value.isascii() and value.isdigit()


def _plain_value(written: str) -> float:
    return float(re.sub(r"\{,\}|[,\u00a0\u202f\u2009]", "", written))


def _completed(text: str, mark: Mark, delimiters: frozenset[int]) -> Mark:
    """Takes in the sign before the number and what belongs to it behind."""
    money = currency_before(text, mark.start, delimiters)
    unit, first = money if money else (None, mark.start)
    mark = replace(mark, unit=unit, plain=mark.plain and unit is None)
    sign = sign_start(text, first)
    whole = with_tail(text, mark, digits=True, money=unit is not None)
    if whole is mark and unit is None:
        whole = with_unit_between(text, mark)
    if sign is None:
        return whole
    return replace(whole, start=sign, value=-whole.value, plain=False)
