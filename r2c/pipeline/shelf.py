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
    """The cards, found by words and, if the encoder is in the cache, by meaning.

    Nothing is fetched: a job that was started to solve a problem does not begin to download.

    Args:
        cache_dir: setting `cache_dir`.

    Raises:
        StoreError: R2C-X900.
        CardError: a card of the user's folder is not well formed.
    """
    # An index takes a minute to make: not one for everybody who has a card of their own.
    return _shelf(cache_dir, standard_library(), not has_further_cards())


@lru_cache(maxsize=8)
def _shelf(cache_dir: Path, library: Library, by_meaning: bool) -> Shelf:
    wanted = by_meaning and is_present(cache_dir)
    try:
        index = find_index(cache_dir, library.values()) if wanted else None
    except StoreError:
        index = None  # words alone find cards too, and the events of the job say that they did
    return Shelf(library, Retriever(library.values(), index))
