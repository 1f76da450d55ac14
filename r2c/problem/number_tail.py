"""What belongs to the number before it: `and a half`, `million`, `bn`, `%`, `times the`.

The same for numbers in digits and in words.
"""

from __future__ import annotations

import re
from dataclasses import replace

from r2c.problem.mark import Kind, Mark
from r2c.problem.scales import scale_of_part, scale_sign, scale_word
from r2c.problem.vocabulary import UNITS

_HUNDREDTHS: tuple[tuple[float, str, re.Pattern[str]], ...] = (
    (
        100.0,
        "%",
        re.compile(
            r"[ \u00a0~]?\\?%|[\s-]?per[ -]?cent\b|\s+percentage[ -]points?\b|\s+pct\b", re.I
        ),
    ),
    (10_000.0, "%", re.compile(r"[\s-]basis[ -]points?\b", re.I)),
    (1000.0, "‰", re.compile(r"[ \u00a0]?‰|\s+per ?mille\b", re.I)),
)
_PART_OF_PERCENT = re.compile(
    r"(?:[\s-]|\s+(?:of\s+)?an?\s+)(?:per[ -]?cent|percentage[ -]point)\b", re.I
)
_TIMES = re.compile(
    r"(?:\s+times|x)(?=\s+(?:as|the|that|those|this|more|less|larger|greater|higher|longer"
    r"|bigger|faster|its|their|of|what|any|[0-9])\b)|[ -]?fold\b",
    re.I,
)
_PARTS = {
    "half": 1 / 2, "quarter": 1 / 4, "third": 1 / 3, "fourth": 1 / 4, "fifth": 1 / 5,
    "quarters": 1 / 4, "thirds": 1 / 3, "fourths": 1 / 4, "fifths": 1 / 5,
}  # fmt: skip
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_AND_PART = re.compile(
    r"(?:[\s-]+and[\s-]+(?:(?:an?|one)[\s-](?P<part>half|quarter)"
    r"|(?P<several>two|three|four)[\s-](?P<parts>thirds|quarters|fourths|fifths)"
    # "two and a third plant" are not two and a third.
    r"|(?:a|one)[\s-](?P<rare>third|fourth|fifth)(?=\s+(?:times|hours|days|weeks|months|years|tons"
    r"|kilograms|kg|units|miles|liters|litres|million|billion|thousand|dozen)\b)"
    r"|(?P<top>[1-9])/(?P<bottom>[2-9]))|-and-(?P<short>half))"
    r"(?![A-Za-z0-9/])(?!\s+of\s+(?:the|its|their|all|this)\b)",
    re.I,
)
_UNIT_AND_PART = re.compile(
    r"[ \u00a0](?P<unit>[A-Za-z]+)\s+and\s+a\s+(?P<part>half|quarter)\b(?!\s+of\b)", re.I
)


def with_tail(text: str, mark: Mark, *, digits: bool, money: bool = False) -> Mark:
    """The mark with all that belongs to it.

    Args:
        text: the text it stands in.
        mark: a number, a number word or a fraction.
        digits: whether it is written in digits, the only ones that abbreviations follow.
        money: whether a money sign precedes it.
    """
    if mark.kind == "fraction":
        mark = _part_of_scale(text, mark, "number" if digits else "word")
    elif mark.value.is_integer() and not _is_glued(text, mark):
        mark = _with_part(text, mark)
    mark = _scaled(text, mark, digits=digits, money=money)
    for parts, unit, pattern in _HUNDREDTHS:
        if found := pattern.match(text, mark.end):
            return replace(
                mark, end=found.end(), value=mark.value / parts, kind="percent", unit=unit,
                plain=False,
            )  # fmt: skip
    if found := _TIMES.match(text, mark.end):
        return replace(mark, end=found.end(), kind="multiplier", plain=False)
    return mark


def with_unit_between(text: str, mark: Mark) -> Mark:
    """`2 hours and a half`, where the unit stands inside the number."""
    found = _UNIT_AND_PART.match(text, mark.end)
    if found is None or found.group("unit").lower() not in UNITS:
        return mark
    part = _PARTS[found.group("part").lower()]
    return replace(
        mark, end=found.end(), value=mark.value + part, unit=found.group("unit"), plain=False
    )


def _part_of_scale(text: str, mark: Mark, kind: Kind) -> Mark:
    if found := scale_of_part(text, mark.end):
        end, scale = found
        return replace(mark, end=end, value=mark.value * scale, kind=kind, scale=scale)
    if percent := _PART_OF_PERCENT.match(text, mark.end):
        return replace(mark, end=percent.end(), value=mark.value / 100, kind="percent", unit="%")
    return mark


def _with_part(text: str, mark: Mark) -> Mark:
    """`and a half`: of one, or of the scale word before it, as in `a million and a half`."""
    found = _AND_PART.match(text, mark.end)
    if found is None:
        return mark
    if found.group("top"):
        part = int(found.group("top")) / int(found.group("bottom"))
    elif several := found.group("several"):
        part = _COUNTS[several.lower()] * _PARTS[found.group("parts").lower()]
    else:
        named = found.group("part") or found.group("rare") or found.group("short")
        part = _PARTS[named.lower()]
    # "a hundred and a half" would be odd either way; "a dozen and a half" is 18.
    whole = 1.0 if mark.scale == 100 else mark.scale
    return replace(mark, end=found.end(), value=mark.value + part * whole, plain=False)


def _scaled(text: str, mark: Mark, *, digits: bool, money: bool) -> Mark:
    scaled = mark
    while found := scale_word(text, scaled.end):
        end, scale = found
        scaled = replace(
            scaled, end=end, value=scaled.value * scale, scale=scaled.scale * scale, plain=False
        )
    if scaled is not mark:
        return _with_part(text, scaled) if mark.kind != "fraction" else scaled
    if digits and (sign := scale_sign(text, mark.end, money=money)):
        end, scale = sign
        return replace(mark, end=end, value=mark.value * scale, scale=scale, plain=False)
    return mark


def _is_glued(text: str, mark: Mark) -> bool:
    """Whether a letter stands right before it: the 3 of "x3 and a half of x4" counts nothing."""
    return mark.start > 0 and (text[mark.start - 1].isalpha() or text[mark.start - 1] == "_")
