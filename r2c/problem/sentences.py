"""Splits a text into sentences, list items and headings, each an exact slice of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from r2c.problem.blocks import split_blocks
from r2c.problem.masking import masked
from r2c.problem.schema import Sentence, Span

_END = re.compile(r"[.!?…]+[\"'”’)\]*]*|[。！？]|:(?=[-•*][ \t]+[A-Z])")
_ABBREVIATIONS = frozenset(
    "e.g i.e vs no nos mr mrs ms dr prof fig figs eq eqs sec approx al cf st resp viz ca vol ch "
    "tab max min avg est nr jr sr inc ltd co corp dept".split()
)
_BEFORE_NUMBER = frozenset("no nos fig figs eq eqs sec vol ch tab nr p pp art".split())
_ENDS_SENTENCE_TOO = frozenset("etc a.m p.m u.s u.k inc ltd co corp hr hrs lb lbs oz".split())
_STARTERS = frozenset(
    "The Each It If A An In On At They There This These That Those We You For To Every All Any "
    "Both No Its Their Assume Suppose Let Given How What Which When Where Find Determine "
    "Formulate Minimize Maximize However Also Due Since Because At Additionally Moreover "
    "Furthermore Product Type Machine One Two Three Only Our Your Demand Profit".split()
)
_BULLET = re.compile(r"\A[-•*][ \t]\s*")
_TOKEN = re.compile(r"[^\s(\[\"'“]+$")
_GLUED = re.compile(r"(?:[-•*][ \t]+)?[A-Z](?:[a-z]*[\s,]|[a-z]{2,})")


def split_sentences(text: str, excluded: Sequence[Span] = ()) -> tuple[Sentence, ...]:
    """Sentences in order, numbered from 1.

    Args:
        text: the normalised problem text.
        excluded: ranges that hold no sentences (tables); they also separate sentences.
    """
    visible = masked(text, excluded)
    found: list[Sentence] = []
    for start, end in split_blocks(visible):
        for first, last in _within(visible, start, end):
            content = visible[first:last]
            stripped = _BULLET.sub("", content.strip())
            if not any(char.isalnum() for char in stripped):
                continue
            begin = first + len(content.rstrip()) - len(stripped)
            span = Span(start=begin, end=begin + len(stripped))
            found.append(Sentence(number=len(found) + 1, span=span, text=stripped))
    return tuple(found)


def _within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence ranges of one block."""
    position = start
    for match in _END.finditer(text, start, end):
        if match.end() > position and _ends(text, match, position, end):
            yield position, match.end()
            position = match.end()
    if position < end:
        yield position, end


def _ends(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether the punctuation at `match` closes a sentence that began at `start`."""
    after = text[match.end() : min(end, match.end() + 40)]
    if not after.strip():
        return True
    if match.group() in "。！？":
        return True
    if not after[0].isspace():
        return _ends_without_blank(text, match, after)
    following = after.lstrip()
    if following[0].islower() or following[0] in ",;:)":
        on_next_line = "\n" in after[: len(after) - len(following)]
        return on_next_line and following[0].islower() and not _is_abbreviation(text, match, start)
    if match.group()[0] != ".":
        return True
    return not _is_abbreviation(text, match, start, following)


def _ends_without_blank(text: str, match: re.Match[str], after: str) -> bool:
    """`5 units.Each box`: a full stop that lost its blank."""
    before = text[match.start() - 1 : match.start()]
    if match.group()[0] == "." and not (before.islower() or before.isdigit() or before in ")%$ "):
        return False
    if _token(text, match.start()).lower() in _ABBREVIATIONS:
        return False
    return _GLUED.match(after) is not None


def _token(text: str, end: int) -> str:
    token = _TOKEN.search(text[max(0, end - 20) : end])
    return token.group() if token else ""


def _is_abbreviation(
    text: str, match: re.Match[str], start: int, following: str | None = None
) -> bool:
    if match.group() != ".":
        return False
    token = _token(text, match.start())
    lower = token.lower()
    word = re.match(r"[A-Za-z]+", following or "")
    starter = word is not None and word.group() in _STARTERS
    if lower in _BEFORE_NUMBER:
        return following is not None and following[:1].isdigit()
    if lower in _ENDS_SENTENCE_TOO:
        return not starter and not (lower == "etc" and (following or "")[:1].isupper())
    if lower in _ABBREVIATIONS:
        return not starter or lower in ("e.g", "i.e", "vs")
    if len(token) == 1 and token.isupper():
        return not starter and _is_initial(text, match.start() - 1, start, following)
    return bool(re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", token)) and not starter


def _is_initial(text: str, position: int, start: int, following: str | None) -> bool:
    """Whether the capital at `position` abbreviates a first name: `Ada K. Smith`."""
    before = text[start:position].rstrip().rsplit(" ", 1)[-1]
    names = before[:1].isupper() and before not in _STARTERS
    return bool(following and following[:1].isupper()) and names
