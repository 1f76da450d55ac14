"""The cards that sentences over sets may state, made ready once for each library."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.documents import documents
from r2c.archetypes.load import Library, standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import StoreError
from r2c.llm.embedded.encoder import find_index, is_present

MOST_READ = 500
"""Texts of cards of one's own that a job has read, a dozen full cards: some 6 s on a free core."""


def shelf(cache_dir: Path) -> Shelf:
    """The cards, found by words and, if the encoder is in the cache, by frame and meaning.

    Nothing is fetched: a job that was started to solve a problem does not begin to download.

    Args:
        cache_dir: setting `cache_dir`.

    Raises:
        StoreError: R2C-X900.
        CardError: a card of the user's folder is not well formed.
    """
    library = standard_library()
    if not is_present(cache_dir):
        return _by_words(library)
    try:
        return _by_meaning(library, cache_dir)
    except StoreError as error:
        # Words find cards too, and the job's events say that they did. The next job tries again.
        return replace(_by_words(library), unasked=error.code)


@lru_cache(maxsize=16)
def _by_words(library: Library) -> Shelf:
    """The cards of a library, found by words alone."""
    return Shelf(library, Retriever(library.values()))


@lru_cache(maxsize=8)
def _by_meaning(library: Library, cache_dir: Path) -> Shelf:
    cards = library.values()
    # Those of R2C are read by whoever needs them first; many more are not read in a job.
    most = None if _own_texts(library) <= MOST_READ else MOST_READ
    return Shelf(library, Retriever(cards, find_index(cache_dir, cards, most=most)))


def _own_texts(library: Library) -> int:
    shipped = (card for id, card in library.items() if id not in library.own)
    return len(documents(library.values())) - len(documents(shipped))
