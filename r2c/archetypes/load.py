"""Cards from files: a sorted, lazy mapping from archetype id to card.

Listing the folders is enough to know the ids, since a card's file is named after it; a card is
read when it is first asked for.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property, lru_cache
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from typing import Literal

from r2c.archetypes.card import Card
from r2c.archetypes.folder import CardFile, card_files
from r2c.archetypes.lint import lint
from r2c.archetypes.yaml_file import read_record
from r2c.errors import CardError, declare
from r2c.resources import knowledge_base
from r2c.settings import load_settings

INVALID_CARD = declare(
    "R2C-A002",
    CardError,
    what="The card {file!r} is not valid at {where} (line {line}): {problem}.",
    why="Cards are checked against a closed schema, so that every reader can rely on them.",
    remedy="Correct the value; knowledge_base/card.schema.json lists what is allowed there.",
)
MISPLACED_CARD = declare(
    "R2C-A004",
    CardError,
    what="The card {file!r} says {key} {value!r}, but it lies at {place!r}.",
    why="A card is found by its place, <family>/<id>.yaml or <id>.yaml in a folder of cards.",
    remedy="Move the file, or correct {key}.",
)
UNKNOWN_ARCHETYPE = declare(
    "R2C-A005",
    CardError,
    what="There is no archetype {id!r}.",
    why="A rule's archetype must have a card in the knowledge base.",
    remedy="Use one of {close}, or `linear` for a plain relation.",
)
NO_FOLDER = declare(
    "R2C-A006",
    CardError,
    what="There is no folder of cards {path!r}.",
    why="The setting `cards` (R2C_CARDS) names it: {reason}.",
    remedy="Correct or unset it; `r2c cards new` makes a first card there.",
)


Origin = Literal["r2c", "own", "shadow"]
"""Whose a card is: R2C's, the user's own, or the user's own in the place of one of R2C's."""


class Library(Mapping[str, Card]):
    """The cards of one or more folders, `<family>/<id>.yaml` or `<id>.yaml`, by id.

    A card in a later folder takes the place of one with the same id in an earlier folder. The cards
    of the first folder have been linted and proved; a later one is linted when it is read.
    """

    def __init__(self, *roots: Traversable) -> None:
        first, *later = (card_files(root) for root in roots)
        self._shipped = frozenset(first)
        self._own = frozenset(id for found in later for id in found)
        files = dict(first)
        for found in later:
            files.update(found)
        self._files: dict[str, CardFile] = dict(sorted(files.items()))
        self._cards: dict[str, Card] = {}

    __hash__ = object.__hash__  # what is made of a library is kept by it, so by what it is

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def own(self) -> frozenset[str]:
        """The ids of cards that do not come from the first folder."""
        return self._own

    def origin(self, id: str) -> Origin:
        """Whose the card is; R2C's where the first folder has it, or no folder."""
        if id not in self._own:
            return "r2c"
        return "shadow" if id in self._shipped else "own"

    def path(self, id: str) -> str:
        """The file of a card."""
        return str(self._files[id].file)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the files of all cards, by id."""
        made = hashlib.sha256()
        for id, item in self._files.items():
            made.update(id.encode() + b"\0" + hashlib.sha256(item.file.read_bytes()).digest())
        return made.hexdigest()

    @cached_property
    def own_digests(self) -> dict[str, str]:
        """SHA-256 of the file of each card of `own`, by id."""
        own = sorted(self._own)
        return {id: hashlib.sha256(self._files[id].file.read_bytes()).hexdigest() for id in own}

    def read(self, id: str) -> Card:
        """The card as its file has it, not linted.

        Raises:
            KeyError: there is none.
            CardError: R2C-A001, R2C-A002, R2C-A004.
        """
        item = self._files[id]
        card = read_card(item.file.read_bytes(), item.file.name)
        for key, value, place in (("id", card.id, id), ("family", card.family, item.family)):
            if place is not None and value != place:
                raise MISPLACED_CARD(file=item.file.name, key=key, value=value, place=item.place)
        return card

    def __getitem__(self, id: str) -> Card:
        if id not in self._cards:
            card = self.read(id)
            for fault in lint(card) if id in self._own else ():
                raise CardError(fault)
            self._cards[id] = card
        return self._cards[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def closest(id: str, library: Mapping[str, object]) -> list[str]:
    """The archetypes whose ids look most like `id`."""
    return difflib.get_close_matches(id, library, n=4, cutoff=0.3) or sorted(library)[:6]


_FURTHER: ContextVar[Path | None] = ContextVar("_FURTHER", default=None)


def standard_library() -> Library:
    """The cards of R2C, those of the folder that the setting `cards` names, and `further_cards`.

    Raises:
        StoreError: R2C-X900 if the installation lost them.
        CardError: R2C-A003 if two files of a folder describe one archetype, R2C-A006, R2C-A070.
        InputError: R2C-X001 to R2C-X003.
    """
    further = _FURTHER.get()
    cards = () if further is None or not further.is_dir() else tuple(_cards(further))
    if further is None or not cards:
        return _standard()
    return _with(further, tuple(sorted((str(p), p.stat().st_mtime_ns) for p in cards)))


@contextmanager
def further_cards(folder: Path) -> Iterator[None]:
    """Add the cards of a folder, for the block and the tasks and threads that it starts.

    They take the place of others with the same id; the folder need not be there.
    """
    token = _FURTHER.set(folder)
    try:
        yield
    finally:
        _FURTHER.reset(token)


@cache
def _standard() -> Library:
    return Library(*_roots())


@lru_cache(maxsize=32)
def _with(folder: Path, stamp: tuple[tuple[str, int], ...]) -> Library:
    """The library with a folder as it is now."""
    return Library(*_roots(), folder)


def _roots() -> list[Traversable]:
    own = _own_folder()
    return [knowledge_base().joinpath("cards"), *([] if own is None else [own])]


def _cards(folder: Path) -> Iterator[Path]:
    return chain(folder.glob("*.yaml"), folder.glob("*/*.yaml"))


def _own_folder() -> Path | None:
    if not os.environ.get("R2C_CARDS") and not os.environ.get("R2C_CONFIG"):
        return None  # reading the settings takes time, and would say the same
    folder = load_settings().cards
    if folder is None:
        return None
    folder = folder.expanduser()
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise NO_FOLDER(path=str(folder), reason=error.strerror or str(error)) from None
    return folder


def read_card(raw: bytes, file: str) -> Card:
    """Read and validate one card.

    Raises:
        CardError: R2C-A001 (not YAML), R2C-A002 (not a card), with the line.
    """
    return read_record(raw, file, Card, INVALID_CARD)
