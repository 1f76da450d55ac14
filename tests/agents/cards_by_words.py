"""The cards of R2C, found by words: made once a process, and not to collect the tests."""

from __future__ import annotations

from functools import cache

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever

LIBRARY = standard_library()


@cache
def shelf() -> Shelf:
    return Shelf(LIBRARY, Retriever(LIBRARY.values()))
