"""Limits as the words say them: which number, from which side, and how firmly.

Only phrases that leave one reading are taken; a phrase that is not understood says nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from r2c.problem.excess import excess_before
from r2c.problem.found_once import found_once
from r2c.problem.quantities_in import quantities_in
from r2c.problem.schema import Problem, Quantity, Sentence, Span

Direction = Literal["least", "most", "exactly"]

_NOT = r"\b(?:not|never|no|cannot|\w+n['’]t|without|nor)\s+(?:(?!but\b|and\b|or\b)\w+\s+){0,4}?"
_BEFORE: tuple[tuple[Direction, bool, str], ...] = (
    ("least", True, rf"{_NOT}(?:less|fewer|lower|smaller|below|under)\b(?:\s+than)?"),
    ("most", True, rf"{_NOT}(?:more|greater|higher|larger|above|over|past|beyond)\b(?:\s+than)?"),
    ("most", True, rf"{_NOT}(?:exceed|surpass)\w*|\bcapped\s+at\b"),
    (
        "least",
        True,
        r"\b(?:not|never|no|cannot|\w+n['’]t)\b[^.;,]{0,90}?"
        r"\b(?:drop|fall|sink|go|slip|dip)s?\s+(?:below|under)\b",
    ),
    (
        "most",
        True,
        r"\b(?:not|never|no|cannot|\w+n['’]t)\b[^.;,]{0,90}?"
        r"\b(?:rise|climb|get|go|run|grow)s?\s+(?:above|over|past|beyond)\b",
    ),
    ("least", True, r"\bat\s+(?:the\s+very\s+|the\s+)?least\b|\b(?:a|the)\s+minimum\s+of\b"),
    ("most", True, r"\bat\s+(?:the\s+very\s+|the\s+)?most\b|\b(?:a|the)\s+maximum\s+of\b"),
    (
        "most",
        True,
        r"(?<!hooked\s)(?<!add\s)(?<!adds\s)(?<!sum\s)(?<!sums\s)\bup\s+to\b|\b(?:is|are|be)\s+limited\s+to\b",
    ),
    ("most", True, r"\blimits?\s+(?:[\w-]+\s+){1,9}?to\b"),
    (
        "most",
        True,
        r"\b(?:no|not|never|cannot|\w+n['’]t)\b(?:(?!\bwhich\b|\bthat\b|\band\b)[^.;,]){0,60}?\b(?:exceed|differ)\w*\b[^.;,]{0,60}?\bby\s+more\s+than\b",
    ),
    ("least", True, r"\b(?:more|greater|higher|larger)\s+than\b|\bmust\s+exceed\b"),
    ("most", True, r"\b(?:less|fewer|lower|smaller)\s+than\b"),
    (
        "exactly",
        True,
        r"\bexactly\b|\bprecisely\b|\b(?:must|should|has\s+to|have\s+to)\s+equal\b(?!\s+or)",
    ),
    ("least", False, r"\bminimum\b(?:(?:\s+[\w$-]+){0,9}?\s+(?:is|are|be|of|at)(?=\s+[\\$€£]*$))?"),
    (
        "most",
        False,
        r"\bmaximum\b(?:(?:\s+[\w$-]+){0,9}?\s+(?:is|are|be|of|at)(?=\s+[\\$€£]*$))?|\blimit\s+(?:of|is)\b|\bcapacity\b"
        r"|\bbudget\b(?:[^.;]{0,160}?\b(?:is|are|of)(?=\s+[\\$€£]*$))?",
    ),
)
_AFTER: tuple[tuple[Direction, bool, str], ...] = (
    ("least", True, r"\bor\s+(?:more|above|greater|higher)\b"),
    ("most", True, r"\bor\s+(?:less|fewer|below|lower)\b"),
    ("least", True, r"\bat\s+(?:the\s+)?least\s*(?=[.,;)]|$)"),
    ("most", True, r"\bat\s+(?:the\s+)?most\s*(?=[.,;)]|$)"),
    ("most", False, r"\bavailable\b|\bin\s+(?:store|stock)\b|\bon\s+hand\b"),
)
_JOINED = re.compile(
    r"\s*(?:[\w-]+\s+){0,4}?(?:[\w-]+,?\s+and|[\w-]+,|,\s+and)\s+[\\$€£]*", re.IGNORECASE
)
_ARE_THERE = re.compile(
    r"\s*(?:[\w-]+\s+){0,5}?(?:are|is)\s+(?:available|in\s+(?:store|stock)|on\s+hand|left)\b",
    re.IGNORECASE,
)
_FAR = 80
_LOOKS_BACK = 200
_FACTORS = ("multiplier", "fraction", "percent")
_NAMES = ("label", "ordinal")
_STRICT = re.compile(
    r"(?:more|greater|higher|larger|less|fewer|lower|smaller)\s+than|must\s+exceed", re.IGNORECASE
)
_BARE = re.compile(r"(?:more|greater|higher|larger|less|fewer|lower|smaller)\s+than", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|nowhere|neither|cannot|hardly)\b|n['’]t\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]|\b(?:but|and|or)\b", re.IGNORECASE)
_OR_EQUAL = re.compile(r"\s*or\s+(?:\w+\s+)?(?:equals?|the\s+same)\b", re.IGNORECASE)
_EQUAL_OR = re.compile(r"\b(?:equals?|same)\s+(?:\w+\s+)?or\s+(?:\w+\s+)?$", re.IGNORECASE)
_AND_NO_OTHER = re.compile(
    r"\s*(?:[\w-]+\s+){0,4}?and\s+(?:not|no)\s+(?:more|fewer|less)\s+than\s*", re.IGNORECASE
)
_BARRED = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}?(?:(?:is|are|would\s+be)\s+(?:not|never)\s+(?:allowed|permitted|possible"
    r"|acceptable)|(?:is|are)\s+(?:forbidden|ruled\s+out|too\s+(?:many|much|few|little)))\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+[\\$€£]*$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:\S+\s+){0,2}?(?:and|to)\s+[\\$€£]*", re.IGNORECASE)
_GAP = re.compile(r"\s*(?:[^\s.;,()]+\s+){0,4}[\\$€£]*\s*")
_TAIL = re.compile(r"\s*(?:[^\s.;,()]+\s+){0,6}")
_BELONGS_BEFORE = re.compile(
    r"\s*(?:[^\W\d]+\s+){0,3}?at\s+(?:the\s+)?(?:least|most)\s*,?\s*(?:and|but|or)\s*[\\$€£]*\s*",
    re.IGNORECASE,
)
_OR_BEYOND = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}?(?:or|nor)\s+(?:(?P<most>more|higher|greater|larger|above|over)"
    r"|(?P<least>less|fewer|lower|smaller|below|under))(?:\s+than)?\s*[\\$€£]*\s*",
    re.IGNORECASE,
)
_DENIES = re.compile(
    _NOT + r"(?:less|fewer|lower|smaller|below|under|more|greater|higher|larger)", re.I
)
_BREAK = re.compile(r"[.;!?](?:\s|$)")


@dataclass(frozen=True)
class Said:
    """A number with the side from which the words limit it.

    `firm` is False for words that imply a limit without saying it ("capacity", "available").
    `strict` is True where the number itself is left out, as in "more than 6" or "fewer than 6":
    of things that are counted the limit is then 7 or 5; amounts that can take fractions have no
    number next to it, so that 6 itself is the limit.
    """

    quantity: Quantity
    direction: Direction
    firm: bool
    words: str
    strict: bool = False

    def __str__(self) -> str:
        return self.words


def limits_said(problem: Problem, within: Span | None = None) -> tuple[Said, ...]:
    """The limits said in the text, or in the part `within` of it, in written order."""
    found = _all_limits(problem)
    if within is None:
        return found
    first = bisect_left(found, within.start, key=_place)
    last = bisect_left(found, within.end, key=_place)
    return tuple(item for item in found[first:last] if within.contains(item.quantity.span))


def _place(said: Said) -> int:
    return said.quantity.span.start


@found_once
def _all_limits(problem: Problem) -> tuple[Said, ...]:
    return tuple(
        said
        for sentence in problem.sentences
        for said in _in_sentence(problem.text, sentence, quantities_in(problem, sentence.span))
    )


def _in_sentence(text: str, sentence: Sentence, held: Sequence[Quantity]) -> Iterator[Said]:
    exceeding = _excesses(text, sentence, held)
    for place, quantity in enumerate(held):
        if place in exceeding:
            said = exceeding[place]
            if said is not None:
                end = held[place + 1].span.start if place + 1 < len(held) else sentence.span.end
                yield _turned(said, text[quantity.span.end : end])
            continue
        start = held[place - 1].span.end if place else sentence.span.start
        end = held[place + 1].span.start if place + 1 < len(held) else sentence.span.end
        before = text[start : quantity.span.start]
        breaks = [match.end() for match in _BREAK.finditer(before)]
        before = before[breaks[-1] :] if breaks else before
        after = _BREAK.split(text[quantity.span.end : end])[0]
        following = held[place + 1] if place + 1 < len(held) else None
        preceding = held[place - 1] if place else None
        said = (
            _exactly(text, preceding, quantity)
            or _or_beyond(text, sentence, preceding, quantity)
            or _between(text, preceding, quantity, following)
            or _before(before, quantity)
            or _after(after, quantity, open_end=following is None)
            or _shared(text, quantity, held[place + 1 : place + 4])
        )
        if said is not None:
            yield _turned(said, after)


def _excesses(text: str, sentence: Sentence, held: Sequence[Quantity]) -> dict[int, Said | None]:
    """Numbers of "should not exceed 4 times B by more than 10": the last is a limit, 4 is none."""
    found: dict[int, Said | None] = {}
    for place, quantity in enumerate(held):
        begin = max(sentence.span.start, quantity.span.start - _LOOKS_BACK)
        words = text[begin : quantity.span.start]
        if (excess := excess_before(words)) is None:
            continue
        factors = [
            n
            for n in range(max(0, place - 4), place)
            if held[n].span.start > begin + excess.start and held[n].kind not in _NAMES
        ]
        if factors and all(held[n].kind in _FACTORS for n in factors):
            told = f"{words[excess.start :].strip()} {quantity.text}"
            found |= dict.fromkeys(factors)
            found[place] = Said(quantity, excess.direction, True, told, excess.strict)
    return found


def _exactly(text: str, preceding: Quantity | None, quantity: Quantity) -> Said | None:
    """A number that is said and then closed: "to one depot and not more than one"."""
    if preceding is None or preceding.value != quantity.value:
        return None
    if not _AND_NO_OTHER.fullmatch(text[preceding.span.end : quantity.span.start]):
        return None
    return Said(quantity, "exactly", True, text[preceding.span.start : quantity.span.end])


def _or_beyond(
    text: str, sentence: Sentence, preceding: Quantity | None, quantity: Quantity
) -> Said | None:
    """The second of two ends that one "not" bars: "cannot be lower than 5 or higher than 9"."""
    if preceding is None:
        return None
    match = _OR_BEYOND.fullmatch(text[preceding.span.end : quantity.span.start])
    if match is None or not _DENIES.search(text[sentence.span.start : preceding.span.start]):
        return None
    side: Direction = "most" if match["most"] else "least"
    return Said(quantity, side, True, f"not{match[0]}{quantity.text}")


def _turned(said: Said, after: str) -> Said:
    """What is meant where the amount itself is barred: "more than one is not allowed"."""
    match = _BARRED.match(after)
    if match is None or said.direction == "exactly":
        return said
    direction: Direction = "most" if said.direction == "least" else "least"
    return Said(said.quantity, direction, said.firm, f"{said.words}{match[0]}")


def _shared(text: str, quantity: Quantity, following: Sequence[Quantity]) -> Said | None:
    """What the last of several amounts is followed by: "5 kg of wood and 4 kg of glue are left"."""
    last = quantity
    for item in following:
        if not _JOINED.fullmatch(text[last.span.end : item.span.start]):
            return None
        last = item
        words = _BREAK.split(text[item.span.end : item.span.end + _FAR])[0]
        match = _ARE_THERE.match(words)
        if match is not None:
            told = f"{quantity.text} ... {item.text}{match[0]}"
            return Said(quantity, "most", False, told)
    return None


def _between(
    text: str, preceding: Quantity | None, quantity: Quantity, following: Quantity | None
) -> Said | None:
    if following is not None and _starts_between(text, quantity, following):
        words = text[quantity.span.start : following.span.end]
        return Said(quantity, "least", True, f"between {words}")
    if preceding is not None and _starts_between(text, preceding, quantity):
        words = text[preceding.span.start : quantity.span.end]
        return Said(quantity, "most", True, f"between {words}")
    return None


def _starts_between(text: str, first: Quantity, second: Quantity) -> bool:
    lead = _BETWEEN.search(text[max(0, first.span.start - 12) : first.span.start])
    if lead is None or not _AND.fullmatch(text[first.span.end : second.span.start]):
        return False
    return second.value > first.value


def _before(words: str, quantity: Quantity) -> Said | None:
    best: tuple[int, int] | None = None
    found: Said | None = None
    for direction, firm, pattern in _BEFORE:
        for match in re.finditer(pattern, words, re.IGNORECASE):
            gap = words[match.end() :]
            nearer = best is None or match.end() > best[0] or (
                match.end() == best[0] and match.start() < best[1]
            )  # fmt: skip
            # "5 at least and 9": the words belong to the number before them.
            if _BELONGS_BEFORE.fullmatch(words[: match.end()] + gap):
                continue
            if _BARE.fullmatch(match[0]) and _DENIED.search(
                _CLAUSE.split(words[: match.start()])[-1]
            ):
                continue  # "in no case may the sum of all the hours be more than"
            if _GAP.fullmatch(gap) and nearer:
                best = match.end(), match.start()
                told = f"{words[match.start() :].strip()} {quantity.text}"
                strict = _is_strict(words[: match.start()], match[0], gap)
                found = Said(quantity, direction, firm, told, strict)
    return found


def _is_strict(before: str, phrase: str, gap: str) -> bool:
    """Whether the phrase leaves the number out; "no more than" and "or equal to" let it in."""
    if _STRICT.fullmatch(phrase) is None:
        return False
    return _OR_EQUAL.match(gap) is None and _EQUAL_OR.search(before) is None


def _after(words: str, quantity: Quantity, *, open_end: bool) -> Said | None:
    for direction, firm, pattern in _AFTER:
        match = re.search(pattern, words, re.IGNORECASE)
        if match is None or not _TAIL.fullmatch(words[: match.start()]):
            continue
        if not open_end and not words[match.end() :].strip():
            continue  # "the available 40 hours": the words belong to the number that follows
        return Said(quantity, direction, firm, f"{quantity.text}{words[: match.end()]}")
    return None
