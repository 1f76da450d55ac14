"""Digits written in groups or with a decimal comma: `12 000`, `10'000`, `1.000,50`, `1,50,000`.

Where such a form has a second reading (`period 1 200 units`), it needs a reason to be believed.
"""

from __future__ import annotations

import re

from r2c.problem.number_style import MONEY, NO_DIGIT, NumberStyle, follows_label_noun
from r2c.problem.vocabulary import UNITS

_APOSTROPHES = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:['’][0-9]{3})+)(?:[.,](?P<part>[0-9]+))?(?![0-9])"
)
_BLANKS = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:[ \u00a0\u202f\u2009][0-9]{3})+)(?![0-9])"
    r"(?:\.(?P<point>[0-9]+)|,(?P<part>[0-9]{1,2}))?(?![0-9]|[.,/][0-9])"
)
_POINTS_AND_COMMA = re.compile(
    rf"(?P<whole>[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+),(?P<part>[0-9]+){NO_DIGIT}"
)
_POINTS = re.compile(rf"(?P<whole>[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+){NO_DIGIT}")
_COMMA = re.compile(rf"(?P<whole>[0-9]+),(?P<part>[0-9]+){NO_DIGIT}")
_LAKHS = re.compile(
    rf"(?P<whole>[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}})(?:\.(?P<part>[0-9]+))?{NO_DIGIT}"
)
_NEIGHBOUR = re.compile(r"[0-9][ \u00a0]\Z")
_LISTED = re.compile(r"[0-9][ \u00a0]*(?:,|and|or|to|-|–)[ \u00a0]*\Z")
_NEXT = re.compile(r"[ \u00a0][0-9]")
_NAME_BEFORE = re.compile(r"(?:(?<=[a-z0-9,] )[A-Z][a-z]+|\b[A-Z])[ \u00a0]\Z")
_AFTER = re.compile(rf"[ \u00a0]?(?:{MONEY}|%)|[ \u00a0](?P<unit>[A-Za-z]+)(?!\s+[a-z]+s\b)")
_MONEY_BEFORE = re.compile(rf"{MONEY}[ \u00a0]?\Z")
_PAIR = re.compile(r"\([^()]*\)")


def grouped(text: str, start: int, style: NumberStyle) -> tuple[int, float] | None:
    """The end and the value of the grouped number that starts at `start`, None if none does."""
    if start and (text[start - 1].isalnum() or text[start - 1] in "_.,"):
        return None
    for pattern, believed in _FORMS:
        match = pattern.match(text, start)
        if match is not None and believed(match, style):
            parts = match.groupdict()
            whole = re.sub(r"[^0-9]", "", match.group("whole"))
            part = parts.get("part") or parts.get("point") or "0"
            return match.end(), float(f"{whole}.{part}")
    return None


def _always(match: re.Match[str], style: NumberStyle) -> bool:
    del match, style
    return True


def _in_lakhs(match: re.Match[str], style: NumberStyle) -> bool:
    del match
    return style.lakhs


def _by_blanks(match: re.Match[str], style: NumberStyle) -> bool:
    text, groups = match.string, match.group("whole")
    if " " not in groups:
        return True  # no-break and thin blanks stand in numbers only
    before = text[max(0, match.start() - 30) : match.start()]
    if _NEIGHBOUR.search(before) or _NEXT.match(text, match.end()):
        return False  # a row of numbers
    if " 000" in groups or _MONEY_BEFORE.search(before):
        return True
    if follows_label_noun(text, match.start()) or _NAME_BEFORE.search(before):
        return False
    after = _AFTER.match(text, match.end())
    unit = after.group("unit") if after else None
    measured = after is not None and (unit is None or unit.lower() in UNITS)
    return style.blank_groups or (measured and not _LISTED.search(before))


def _by_points_and_comma(match: re.Match[str], style: NumberStyle) -> bool:
    return style.decimal_comma or not _is_pair(match)


def _by_points(match: re.Match[str], style: NumberStyle) -> bool:
    groups = match.group("whole").split(".")
    # Version numbers and addresses have points too; round thousands are neither.
    return style.decimal_comma or (len(groups) > 2 and "000" in groups)


def _by_comma(match: re.Match[str], style: NumberStyle) -> bool:
    return style.decimal_comma and not _is_pair(match)


def _is_pair(match: re.Match[str]) -> bool:
    """Whether the two numbers stand alone in brackets: `(1,5)` names a cell or an arc."""
    text = match.string
    before, after = (
        text[max(0, match.start() - 1) : match.start()],
        text[match.end() : match.end() + 1],
    )
    return before == "(" and after == ")"


_FORMS = (
    (_APOSTROPHES, _always),
    (_BLANKS, _by_blanks),
    (_POINTS_AND_COMMA, _by_points_and_comma),
    (_POINTS, _by_points),
    (_LAKHS, _in_lakhs),
    (_COMMA, _by_comma),
)
