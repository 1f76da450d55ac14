"""The cards that sentences over sets may state, made ready once for each library."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.load import Library, has_further_cards, standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import StoreError
from r2c.llm.embedded.encoder import find_index, is_present


def shelf(cache_dir: Path) -> Shelf:
    """The cards, found by words and, if the encoder is in the cache, by frame and meaning.

    Nothing is fetched: a job that was started to solve a problem does not begin to download.

    Args:
        cache_dir: setting `cache_dir`.

    Raises:
        StoreError: R2C-X900.
        CardError: a card of the user's folder is not well formed.
    """
    # An index takes a minute to make: not one for everybody who has a card of their own.
    if not has_further_cards() and is_present(cache_dir):
        return _by_meaning(standard_library(), cache_dir)
    return _by_words(standard_library())


@lru_cache(maxsize=16)
def _by_words(library: Library) -> Shelf:
    """The cards of a library, found by words alone."""
    return Shelf(library, Retriever(library.values()))


@lru_cache(maxsize=8)
def _by_meaning(library: Library, cache_dir: Path) -> Shelf:
    try:
        index = find_index(cache_dir, library.values())
    except StoreError:
        return _by_words(library)  # words find cards too, and the job's events say that they did
    return Shelf(library, Retriever(library.values(), index))
