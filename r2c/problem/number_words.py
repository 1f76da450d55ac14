"""Numbers written in words: `twenty-five`, `half`, `two thirds`, `a dozen`, `twice`, `third`.

`one` counts only where it counts something ("one truck", "at least one"), not as a pronoun.
Unknown amounts (`several dozen`, `a few hundred`) are no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from r2c.problem.cardinals import DENOMINATED, SMALL, TENS, Word, cardinal, joined, word_at
from r2c.problem.mark import Mark
from r2c.problem.number_tail import with_tail, with_unit_between
from r2c.problem.part_words import COMPARED, read_ordinal, read_part
from r2c.problem.pronoun_one import counts_one
from r2c.problem.scales import SCALES, VAGUE
from r2c.problem.signs import sign_start
from r2c.problem.vocabulary import UNITS

_TIMES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0}
_TIMES |= {"doubled": 2.0, "tripled": 3.0, "quadrupled": 4.0}
_WORD = re.compile(r"[A-Za-z]+")
_OF = re.compile(r"\s+(?:of|as|the|that|its|their|this|those)\b|\s*[.,;:)?!]|\s*$", re.I)
_ONCE_AFTER = re.compile(r"\s+(?:a|an|per|every|each|and only)\b", re.I)
_HALF_MORE = re.compile(r"[\s-]+and[\s-]+(?:a[\s-]+)?half\b", re.I)
_DECIMALS = re.compile(
    r"[\s-]+point((?:[\s-]+(?:zero|one|two|three|four|five|six|seven|eight|nine))+)\b", re.I
)
_GROUP_OF = re.compile(
    r"(?P<words>an?\s+(?P<group>pair|couple|score|gross))\s+of\b"
    r"(?!\s+(?:dozen|hundred|thousand|million)\b)(?:\s+(?P<noun>[a-z]+))?",
    re.I,
)
_NOT_GROUPED = frozenset("points its his this".split())
_GROUPS = {"pair": 2.0, "couple": 2.0, "score": 20.0, "gross": 144.0}
_SCORES = re.compile(r"(?P<count>[a-z]+)[\s-]score\s+and\s+(?P<rest>[a-z]+)\b", re.I)

Reader = Callable[[str, list[Word], int], Mark | None]


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
        mark = next((mark for read in _READERS if (mark := read(text, words, at))), None)
        if mark is None or _in_identifier(text, mark):
            at += 1
            continue
        while at < len(words) and words[at].start < mark.end:
            at += 1
        marks.append(_negated(text, mark))
    return marks


def _negated(text: str, mark: Mark) -> Mark:
    sign = sign_start(text, mark.start) if mark.kind in ("word", "percent", "fraction") else None
    if sign is None or text[sign] in "-−":
        return mark
    return replace(mark, start=sign, value=-mark.value)


def _in_identifier(text: str, mark: Mark) -> bool:
    before, after = text[max(0, mark.start - 1) : mark.start], text[mark.end : mark.end + 1]
    return any(c.isalnum() or c in "_\\'’" for c in before) or after.isdigit() or after == "_"


def _read_group(text: str, words: list[Word], at: int) -> Mark | None:
    """`a pair of`, `a score of ships`, `three score and ten`, but not `a score of 80`."""
    word = words[at]
    if match := _GROUP_OF.match(text, word.start):
        group, noun = match.group("group").lower(), (match.group("noun") or "").lower()
        if group in ("score", "gross") and (not noun.endswith("s") or noun in _NOT_GROUPED):
            return None
        return Mark(word.start, match.end("words"), _GROUPS[group], "word")
    if match := _SCORES.match(text, word.start):
        count, rest = (SMALL.get(match.group(name).lower(), 0.0) for name in ("count", "rest"))
        if 1 < count < 10 and rest:
            return Mark(word.start, match.end(), count * 20 + rest, "word")
    return None


def _read_unit_and_half(text: str, words: list[Word], at: int) -> Mark | None:
    """`an hour and a half`."""
    if words[at].text not in ("a", "an") or word_at(words, at + 1) not in UNITS:
        return None
    one = Mark(words[at].start, words[at].end, 1.0, "word")
    mark = with_unit_between(text, one)
    return None if mark is one else mark


def _read_cardinal(text: str, words: list[Word], at: int) -> Mark | None:
    """`twenty-five`, `one hundred and two`, `a dozen`, `two and a half`, `three times the`."""
    first = at + 1 if words[at].text in ("a", "an") and joined(words, at + 1) else at
    if _is_brand(text, words[at]) or (first > at and words[first].text not in SCALES):
        return None
    if words[first].text == "dozen" and not _is_dozen(words, first, article=first > at):
        return None
    found = cardinal(text, words, first)
    if found is None and words[first].text != "dozen":
        return None
    used, value, scale = found or (1, 12.0, 12.0)
    bare = Mark(words[at].start, words[first + used - 1].end, value, "word", scale=scale)
    mark = with_tail(text, _with_decimals(text, bare), digits=False)
    if mark is bare:
        mark = with_unit_between(text, bare)
    alone = mark is bare and used == 1 and words[first].text == "one"
    return None if alone and not counts_one(text, mark.start) else mark


def _is_dozen(words: list[Word], at: int, *, article: bool) -> bool:
    """Whether `dozen` is twelve: not in `per dozen`, `several dozen`, `a couple of dozen`."""
    before = word_at(words, at - 1)
    if before == "of":
        before = word_at(words, at - 2)
    return article or (before not in DENOMINATED and before not in VAGUE)


def _with_decimals(text: str, mark: Mark) -> Mark:
    """`point two five` added."""
    found = _DECIMALS.match(text, mark.end)
    if found is None or mark.scale != 1:
        return mark
    digits = "".join(f"{SMALL[word.lower()]:.0f}" for word in re.findall(_WORD, found.group(1)))
    return replace(mark, end=found.end(), value=mark.value + float(f"0.{digits}"))


def _is_brand(text: str, word: Word) -> bool:
    """Whether a capitalised number word opens a name inside a sentence: `called One Source`."""
    before = text[: word.start].rstrip(" ")[-1:]
    return bool(
        text[word.start].isupper()
        and (before.isalnum() or before == ",")
        and re.match(r"[ -][A-Z][a-z]", text[word.end : word.end + 3])
    )


def _read_times(text: str, words: list[Word], at: int) -> Mark | None:
    """`twice`, `double the`, `tenfold`, `exactly once`, `twice and a half`."""
    word, before = words[at].text, word_at(words, at - 1)
    mark = Mark(words[at].start, words[at].end, 0.0, "multiplier")
    if word.endswith("fold") and (value := SMALL.get(word[:-4], TENS.get(word[:-4], 0.0))):
        return replace(mark, value=value)
    if word == "once":
        counted = before in COMPARED | {"just", "visited"} or _ONCE_AFTER.match(text, mark.end)
        return replace(mark, value=1.0) if counted else None
    value = _TIMES.get(word, 0.0)
    if word in ("twice", "thrice") and (half := _HALF_MORE.match(text, mark.end)):
        return replace(mark, end=half.end(), value=value + 0.5)
    sure = word in ("twice", "thrice") or word.endswith("d") or before in COMPARED
    return replace(mark, value=value) if value and (sure or _OF.match(text, mark.end)) else None


_READERS: tuple[Reader, ...] = (
    read_part,
    _read_group,
    _read_unit_and_half,
    read_ordinal,
    _read_cardinal,
    _read_times,
)
