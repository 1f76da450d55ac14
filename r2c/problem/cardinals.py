"""Reads cardinals written in words, from `seven` to `two million three hundred and twelve`."""

from __future__ import annotations

from typing import NamedTuple

from r2c.problem.scales import SCALES

SMALL = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: float(value)
    for value, word in zip(
        range(20, 100, 10),
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
} | {"fourty": 40.0}
DENOMINATED = {"per", "each", "every", "by"}
"""Words after which a scale word names a unit or a rate: `each dozen`, `per hundred`."""


class Word(NamedTuple):
    """A lower-cased word with its place and what stands between it and the word before."""

    text: str
    start: int
    end: int
    gap: str


def joined(words: list[Word], at: int) -> bool:
    """Whether word `at` follows the one before it with nothing but a blank or hyphen between."""
    return at < len(words) and words[at].gap in (" ", "-", "\u00a0", "\n")


def word_at(words: list[Word], at: int) -> str:
    """The word `at`, or the empty string beyond the ends."""
    return words[at].text if 0 <= at < len(words) else ""


class Cardinal(NamedTuple):
    """A cardinal in words: how many were used, its value, the scale word it ends in (or 1)."""

    used: int
    value: float
    scale: float = 1.0


def cardinal(text: str, words: list[Word], at: int) -> Cardinal | None:
    """The longest cardinal that starts at word `at`."""
    total = current = 0.0
    last = 1.0
    used = index = 0
    room = float("inf")  # the next part must stay below this, or it is another number
    while index == 0 or joined(words, at + index):
        word = word_at(words, at + index)
        if word == "and" and 100 <= room < float("inf") and _continues(words, at, index, room):
            index += 1
            continue
        value = SMALL.get(word, TENS.get(word))
        if value is not None:
            hyphenated = text[words[at + index].end : words[at + index].end + 1] == "-"
            split_off = room == 10 and words[at + index].gap != "-" and hyphenated
            if value >= room or (value == 0 and index) or split_off:
                break
            current, last = current + value, 1.0
            room = 10.0 if word in TENS else 1.0
        elif word in SCALES and (index or _opens(word, word_at(words, at - 1))):
            scale = SCALES[word]
            if total and not current:  # "two thousand million", "three thousand dozen"
                total *= scale
            elif scale in (100, 12) and current < 100:
                current = (current or 1.0) * scale
            else:
                total, current = total + (current or 1.0) * scale, 0.0
            room = last = scale
        else:
            break
        index += 1
        used = index
    return Cardinal(used, total + current, last) if used else None


def _opens(scale: str, before: str) -> bool:
    """Whether a bare `hundred` counts: "a hundred", "per thousand", but not "each dozen"."""
    return before in ("a", "an") or (before in DENOMINATED and scale != "dozen")


def _continues(words: list[Word], at: int, index: int, room: float) -> bool:
    """Whether `and` carries on the number ("one hundred and twenty") or starts the next."""
    following = word_at(words, at + index + 1)
    if following not in SMALL and following not in TENS:
        return False
    ahead = [word_at(words, at + index + step) for step in (2, 3)]
    scale = max(SCALES.get(word, 0) for word in ahead)
    if scale >= room and not scale > room == 100:  # "one hundred and one thousand" is one number
        return False
    return word_at(words, at - 1) != "between" or "and" in ahead
