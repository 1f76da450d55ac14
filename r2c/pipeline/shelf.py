"""The cards that sentences over sets may state, made ready once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import StoreError
from r2c.llm.embedded.encoder import find_index, is_present


@cache
def shelf(cache_dir: Path) -> Shelf:
    """The cards, found by words and, if the encoder is in the cache, by meaning.

    Nothing is fetched: a job that was started to solve a problem does not begin to download.

    Args:
        cache_dir: setting `cache_dir`.

    Raises:
        StoreError: R2C-X900.
        CardError: a card of the user's folder is not well formed.
    """
    library = standard_library()
    try:
        index = find_index(cache_dir, library.values()) if is_present(cache_dir) else None
    except StoreError:
        index = None  # words alone find cards too, and the events of the job say that they did
    return Shelf(library, Retriever(library.values(), index))
