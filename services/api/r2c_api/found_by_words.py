"""What finds cards by words alone, made once for each library."""

from __future__ import annotations

from functools import lru_cache

from r2c.archetypes.load import Library
from r2c.archetypes.retrieve import Retriever


@lru_cache(maxsize=16)
def by_words(library: Library) -> Retriever:
    """The cards of a library, found by the words of a rule."""
    return Retriever(library.values())
