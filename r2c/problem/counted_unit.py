"""Finds the unit or counted noun that follows a number: `5 hours`, `3 old trucks`, `2 kg/box`.

No unit is better than a wrong one: an unclear run of words gives None.
"""

from __future__ import annotations

import re

from r2c.problem.cardinals import SMALL
from r2c.problem.vocabulary import FUNCTION_WORDS, IRREGULAR_PLURALS, SKIPPED_BEFORE_UNIT, UNITS

_GAP = re.compile(r"(?:[ \u00a0~${}*\n\]]|\\[,;!: ]|\\(?:mathrm|mathbf|mathit|text|textrm|rm)\b)*")
_WORD = re.compile(r"[A-Za-z°µ%][A-Za-z²³]*(?:['’][a-z]+)?(?:-[A-Za-z]+)*")
_HYPHENATED = re.compile(r"-([A-Za-z]+)(?![A-Za-z-])")
_RATE = re.compile(
    r"/[A-Za-z]+|\s+per\s+(?!cent\b|dozen\b|hundred\b|thousand\b)[A-Za-z]+(?!\s+unit\b)\b"
)
_LONGEST = 3
_NO_PLURAL = ("ss", "us", "is", "ics")
_BLANK = re.compile(r"[ \u00a0\n]+")


def unit_after(text: str, end: int, limit: int, value: float) -> str | None:
    """The unit or counted noun that follows the number ending at `end`, as written.

    At most three words, none beyond `limit` (the end of the sentence). `value` tells whether
    a singular noun may be counted.
    """
    hyphenated = _HYPHENATED.match(text, end, limit)
    if hyphenated:
        word = hyphenated.group(1)
        return None if word.lower() in FUNCTION_WORDS else word
    gap = _GAP.match(text, end, limit)
    start = gap.end() if gap else end
    start = _skip(text, start, limit)
    position, words = start, 0
    while words < _LONGEST and (match := _WORD.match(text, position, limit)):
        word, words = match.group(), words + 1
        lower = word.lower()
        known = lower.rstrip("²³") in UNITS or word.startswith("°")
        if not known and words == 1 and abs(value) == 1 and _is_plural(lower):
            return None  # "pill 1 causes": after 1 the word is a verb
        if known or _is_plural(lower):
            return _with_rate(text, start, match.end(), limit, words)
        if not _may_be_counted(lower):
            return None
        blank = _BLANK.match(text, match.end(), limit)
        if words == 1 and abs(value) == 1:
            return word if _is_singular(text, match, limit) else None
        if blank is None:
            return None
        position = blank.end()
    return None


def _skip(text: str, start: int, limit: int) -> int:
    while (match := _WORD.match(text, start, limit)) and match.group() in SKIPPED_BEFORE_UNIT:
        blank = _BLANK.match(text, match.end(), limit)
        if blank is None or match.group() == "of":
            return start
        start = blank.end()
    return start


def _may_be_counted(word: str) -> bool:
    return word not in FUNCTION_WORDS and len(word) > 1 and word.split("-")[0] not in SMALL


def _is_plural(word: str) -> bool:
    if word in FUNCTION_WORDS:
        return False
    if word in IRREGULAR_PLURALS:
        return True
    return len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURAL)


def _is_singular(text: str, match: re.Match[str], limit: int) -> bool:
    """Whether the word after `1` is the noun itself and not an adjective before it."""
    blank = _BLANK.match(text, match.end(), limit)
    following = _WORD.match(text, blank.end(), limit) if blank else None
    if following is not None and following.group() == "of":
        return True
    if match.group().endswith(("ing", "ed", "ly", "al", "ous", "ic")):
        return False
    after = following.group().lower() if following else ""
    return not after or after in FUNCTION_WORDS or _is_plural(after)  # "one cart moves"


def _with_rate(text: str, start: int, end: int, limit: int, words: int) -> str:
    rate = _RATE.match(text, end, limit)
    if rate and words + len(rate.group().split()) <= _LONGEST:
        end = rate.end()
    return re.sub(r"\s+", " ", text[start:end])
