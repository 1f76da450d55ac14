"""Parts and places in words: `half`, `a third of`, `two-fifths`, `the third`, `twenty-first`.

`a third` is a part where it is compared or followed by what a noun could not precede; before a
noun it is the next one after the second.
"""

from __future__ import annotations

import re

from r2c.problem.cardinals import SMALL, TENS, Word, joined, word_at
from r2c.problem.mark import Mark
from r2c.problem.number_tail import with_tail
from r2c.problem.vocabulary import FUNCTION_WORDS, VERBS

COMPARED = {"least", "most", "than", "is", "be", "are", "exactly", "to", "by", "only"}
_NEAR = COMPARED | {
    "about", "over", "under", "nearly", "almost", "roughly", "above", "below", "exceed", "exceeds",
    "around", "approximately",
}  # fmt: skip
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=1,
    )
} | {
    word: value
    for value, word in zip(
        range(20, 100, 10),
        "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split(),
        strict=True,
    )
}
_BOTTOMS = {name: float(n) for name, n in ORDINALS.items() if n > 2} | {
    "half": 2.0,
    "quarter": 4.0,
    "hundredth": 100.0,
    "thousandth": 1000.0,
    "millionth": 1e6,
}
_ENDS = re.compile(r"\s+(?:of|as|the|that|its|their|this|those)\b|\s*[.,;:)?!]|\s*$", re.I)
_NEXT = re.compile(r"\s+([A-Za-z]+)")
_COUNTED_BEFORE = re.compile(r"\b(?:two|first|second|another|other|2|1st|2nd)\b", re.I)
_REACH = 100


def read_part(text: str, words: list[Word], at: int) -> Mark | None:
    """`half`, `a third`, `two thirds`, `three-quarters`, `half a dozen`, `half a million`."""
    word = words[at]
    if word.text == "half":
        if word_at(words, at - 1) in {"first", "second", "each", "other", "latter"}:
            return None
        return _fraction(text, word.start, word.end, 0.5)
    count = {"a": 1.0, "an": 1.0, "one": 1.0}.get(word.text, SMALL.get(word.text, 0.0))
    part = word_at(words, at + 1)
    bottom = _BOTTOMS.get(part) or _BOTTOMS.get(part.removesuffix("s"), 0.0)
    if part == "halves":
        bottom = 2.0
    if not count or not bottom or not joined(words, at + 1):
        return None
    mark = _fraction(text, word.start, words[at + 1].end, count / bottom)
    if mark.end > words[at + 1].end or _is_sure(words, at, part):
        return mark
    return mark if part == "half" or _stands_alone(text, words, at) else None


def read_ordinal(text: str, words: list[Word], at: int) -> Mark | None:
    """`first`, `third`, `twenty-first`; `second` only where it is not the unit of time."""
    first = words[at]
    last = words[at + 1] if at + 1 < len(words) else first
    if first.text in TENS and last.gap == "-" and 0 < ORDINALS.get(last.text, 0) < 10:
        return Mark(first.start, last.end, TENS[first.text] + ORDINALS[last.text], "ordinal")
    value = ORDINALS.get(first.text, 0)
    timed = {"per", "a", "each", "every", "one"}
    digits = text[max(0, first.start - 2) : first.start].strip(" -").isdigit()
    if not value or (first.text == "second" and (digits or word_at(words, at - 1) in timed)):
        return None
    return Mark(first.start, first.end, float(value), "ordinal")


def _fraction(text: str, start: int, end: int, value: float) -> Mark:
    return with_tail(text, Mark(start, end, value, "fraction"), digits=False)


def _is_sure(words: list[Word], at: int, part: str) -> bool:
    """Whether count and part alone tell: `two thirds`, `one-third`, but not `two quarters`."""
    hyphen = words[at + 1].gap == "-"
    if part == "quarters":
        # "the next two quarters" are half a year
        return hyphen or words[at].text == "three"
    return hyphen or part.endswith("s") or words[at].text not in ("a", "an")


def _stands_alone(text: str, words: list[Word], at: int) -> bool:
    """Whether no noun follows `a third`, so that it is a part."""
    end, part = words[at + 1].end, words[at + 1].text
    if part == "quarters":
        return False
    if _ENDS.match(text, end):
        return True
    following = _NEXT.match(text, end)
    after = following.group(1).lower() if following else ""
    if after not in FUNCTION_WORDS and after not in VERBS:
        return False
    before = word_at(words, at - 1)
    if part == "quarter" and before not in _NEAR - {"over"}:
        return False  # three months
    # "Two plants run and a third is planned": the third of them.
    earlier = text[max(0, words[at].start - _REACH) : words[at].start].split(". ")[-1]
    return before in _NEAR or _COUNTED_BEFORE.search(earlier) is None
