"""Nouns that a text numbers on from 1: "order 1, order 2 and order 3"; such a number is a name."""

from __future__ import annotations

import re
from functools import lru_cache

from r2c.problem.schema import Quantity

_BEFORE = 40
_MOST = 200
_NOUN = re.compile(r"([^\W\d_]{2,})\s+(?:no\.?\s*|#)?$", re.IGNORECASE)


def is_numbered(quantity: Quantity, text: str) -> bool:
    """Whether the word before a number of the text is numbered on from 1."""
    before = text[max(0, quantity.span.start - _BEFORE) : quantity.span.start]
    noun = _NOUN.search(before)
    value = quantity.value
    if noun is None or not value.is_integer() or not 1 <= value <= _MOST:
        return False
    numbers = _numbers_after(noun[1].lower(), text)
    return len(numbers) > 1 and numbers == set(range(1, max(numbers) + 1))


@lru_cache(maxsize=256)
def _numbers_after(noun: str, text: str) -> frozenset[int]:
    """All whole numbers that follow a noun in a text."""
    told = re.findall(rf"\b{re.escape(noun)}\s+(\d{{1,6}})\b", text, re.IGNORECASE)
    return frozenset(map(int, told))
