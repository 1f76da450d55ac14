"""Headings above lists: what the numbers of `Opening costs for each depot:` are."""

from __future__ import annotations

import re

_HEADING_WORDS = 14
_NAME_WORDS = 4
_LONGEST = 200
_HEADS = re.compile(
    r"\b(?:costs?|prices?|fees?|freight|demands?|requirements?|capacit\w+|suppl\w+|distances?|times?|hours"
    r"|profits?|revenues?|returns?|weights?|values?|volumes?|benefits?|rates?|limits?|stocks?)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|each|all)\s+", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:are|is|here|follows?|below|given)\b", re.IGNORECASE)
_HEADING_ENDS = re.compile(r"\s+(?:for|of|from|per|to|in|at|between)\b|\s*[(:\[]", re.IGNORECASE)


def heading_of(line: str) -> str | None:
    """What the numbers below a heading are, `Opening costs`; None if it says nothing of numbers."""
    if not line.endswith(":") or len(line) > _LONGEST or len(line.split()) > _HEADING_WORDS:
        return None
    first = _ARTICLE.sub("", _HEADING_ENDS.split(line.strip("*# "), maxsplit=1)[0])
    names = _HEADS.search(first) and not _SENTENCE.search(first)
    return first if names and len(first.split()) <= _NAME_WORDS else None
