"""Numbers written in words: `twenty-five`, `half`, `two thirds`, `a dozen`, `twice`, `third`.

`one` counts only where it counts something ("one truck", "at least one"), not as a pronoun.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from r2c.problem.cardinals import (
    DENOMINATED,
    SMALL,
    TENS,
    Word,
    cardinal,
    joined,
    word_at,
)
from r2c.problem.numerals import PERCENT, SCALES, Mark
from r2c.problem.pronoun_one import counts_one

_ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        range(1, 13),
        strict=True,
    )
)
_PARTS = {name: float(n) for name, n in _ORDINALS.items() if n > 2} | {
    "half": 2.0,
    "quarter": 4.0,
    "hundredth": 100.0,
    "thousandth": 1000.0,
}
_TIMES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0}
_TIMES |= {"doubled": 2.0, "tripled": 3.0, "quadrupled": 4.0}
_WORD = re.compile(r"[A-Za-z]+")
_TIMES_AFTER = re.compile(
    r"\s+times(?=\s+(?:as|the|that|those|this|more|less|larger|greater|higher|longer|bigger"
    r"|faster|its|their|of|what|any|[0-9])\b)",
    re.I,
)
_OF = re.compile(r"\s+(?:of|as|the|that|its|their|this|those)\b|\s*[.,;:)?!]|\s*$", re.I)
_COMPARED = {"least", "most", "than", "is", "be", "are", "exactly", "to", "by", "only"}
_ONCE_AFTER = re.compile(r"\s+(?:a|an|per|every|each|and only)\b", re.I)


Reading = tuple[int, Mark] | None
"""How many words were used, and the number they spell; None if they spell none."""


def find_number_words(text: str) -> list[Mark]:
    """All numbers written in words, in order, none overlapping."""
    words: list[Word] = []
    position = 0
    for match in _WORD.finditer(text):
        gap = text[position : match.start()]
        words.append(Word(match.group().lower(), match.start(), match.end(), gap))
        position = match.end()
    marks: list[Mark] = []
    at = 0
    while at < len(words):
        found = next((r for read in _READERS if (r := read(text, words, at))), None)
        if found is None or _in_identifier(text, found[1]):
            at += 1
            continue
        at += found[0]
        marks.append(found[1])
    return marks


def _in_identifier(text: str, mark: Mark) -> bool:
    before, after = text[max(0, mark.start - 1) : mark.start], text[mark.end : mark.end + 1]
    return any(c.isalnum() or c in "_\\'’" for c in before) or after.isdigit() or after == "_"


def _read_part(text: str, words: list[Word], at: int) -> Reading:
    """`half`, `a third`, `two thirds`, `three-quarters`, `half a dozen`, `half a million`."""
    word = words[at].text
    if word == "half":
        if word_at(words, at - 1) in {"first", "second", "each", "other", "latter"}:
            return None
        if word_at(words, at + 1) == "a" and word_at(words, at + 2) in SCALES:
            value = SCALES[word_at(words, at + 2)] / 2
            return 3, Mark(words[at].start, words[at + 2].end, value, "word")
        return 1, Mark(words[at].start, words[at].end, 0.5, "fraction")
    count = {"a": 1.0, "an": 1.0, "one": 1.0}.get(word, SMALL.get(word, 0.0))
    part = word_at(words, at + 1)
    bottom = _PARTS.get(part) or _PARTS.get(part.removesuffix("s"), 0.0)
    if part == "halves":
        bottom = 2.0
    if not count or not bottom or not joined(words, at + 1):
        return None
    hyphen = words[at + 1].gap == "-"
    if part == "quarters" and not hyphen and word != "three":
        return None  # "the next two quarters" are half a year
    plural = part.endswith("s") and part != "quarters"
    sure = hyphen or plural or (word not in ("a", "an") and part != "quarters")
    if not sure and part != "half" and not _OF.match(text, words[at + 1].end):
        return None
    return 2, Mark(words[at].start, words[at + 1].end, count / bottom, "fraction")


def _read_cardinal(text: str, words: list[Word], at: int) -> Reading:
    """`twenty-five`, `one hundred and two`, `a dozen`, `two and a half`, `three times the`."""
    first = at + 1 if words[at].text in ("a", "an") and joined(words, at + 1) else at
    if first > at and word_at(words, first) in ("pair", "couple"):
        if word_at(words, first + 1) == "of":
            return 2, Mark(words[at].start, words[first].end, 2.0, "word")
        return None
    if _is_brand(text, words[at]):
        return None
    used, value = cardinal(text, words, first)
    if used == 0 and words[first].text == "dozen":
        denominated = first == at and word_at(words, at - 1) in DENOMINATED
        used, value = (0, 0.0) if denominated else (1, 12.0)
    if used == 0 or (first > at and words[first].text not in SCALES):
        return None
    start, end, count = words[at].start, words[first + used - 1].end, first - at + used
    more, part = _part_after(words, at + count)
    if more:
        count, value = count + more, value + part
        end = words[at + count - 1].end
    elif used == 1 and words[first].text == "one" and not counts_one(text, start):
        return None
    if percent := PERCENT.match(text, end):
        return count, Mark(start, percent.end(), value / 100, "percent", "%")
    if times := _TIMES_AFTER.match(text, end):
        return count, Mark(start, times.end(), value, "multiplier")
    return count, Mark(start, end, value, "word")


def _part_after(words: list[Word], at: int) -> tuple[int, float]:
    """`and a half`, or decimals as in `point two five`: the words used and what they add."""
    if [word_at(words, at + step) for step in range(3)] == ["and", "a", "half"]:
        return 3, 0.5
    digits = ""
    while word_at(words, at) == "point" and joined(words, at + 1 + len(digits)):
        digit = SMALL.get(words[at + 1 + len(digits)].text, 10.0)
        if digit > 9:
            break
        digits += f"{digit:.0f}"
    return (1 + len(digits), float(f"0.{digits}")) if digits else (0, 0.0)


def _is_brand(text: str, word: Word) -> bool:
    """Whether a capitalised number word opens a name inside a sentence: `called One Source`."""
    before = text[: word.start].rstrip(" ")[-1:]
    return bool(
        text[word.start].isupper()
        and (before.isalnum() or before == ",")
        and re.match(r"[ -][A-Z][a-z]", text[word.end : word.end + 3])
    )


def _read_times(text: str, words: list[Word], at: int) -> Reading:
    """`twice`, `double the`, `tenfold`, `exactly once`."""
    word, before = words[at].text, word_at(words, at - 1)
    mark = Mark(words[at].start, words[at].end, 0.0, "multiplier")
    if word.endswith("fold") and (value := SMALL.get(word[:-4], TENS.get(word[:-4], 0.0))):
        return 1, replace(mark, value=value)
    if word == "once":
        counted = before in _COMPARED | {"just", "visited"} or _ONCE_AFTER.match(text, mark.end)
        return (1, replace(mark, value=1.0)) if counted else None
    value = _TIMES.get(word, 0.0)
    sure = word in ("twice", "thrice") or word.endswith("d") or before in _COMPARED
    if value and (sure or _OF.match(text, mark.end)):
        return 1, replace(mark, value=value)
    return None


def _read_ordinal(text: str, words: list[Word], at: int) -> Reading:
    """`first`, `third`; `second` only where it is not the unit of time."""
    word, start = words[at].text, words[at].start
    value = _ORDINALS.get(word, 0)
    timed = {"per", "a", "each", "every", "one"}
    digits = text[max(0, start - 2) : start].strip(" -").isdigit()
    if not value or (word == "second" and (digits or word_at(words, at - 1) in timed)):
        return None
    return 1, Mark(start, words[at].end, float(value), "ordinal")


_READERS: tuple[Callable[[str, list[Word], int], Reading], ...] = (
    _read_part,
    _read_cardinal,
    _read_times,
    _read_ordinal,
)
