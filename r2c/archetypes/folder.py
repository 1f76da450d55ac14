"""The files of a folder of cards, by id; what would be overlooked there is refused.

A card's file is named after it, so that listing is enough to know the ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from r2c.errors import CardError, declare

DUPLICATE_CARD = declare(
    "R2C-A003",
    CardError,
    what="The archetype {id!r} is described by two cards: {first!r} and {second!r}.",
    why="An archetype has one meaning, so one card.",
    remedy="Rename or remove one of the files.",
)
OVERLOOKED = declare(
    "R2C-A070",
    CardError,
    what="The file {path!r} in the folder of cards {folder!r} would be overlooked: {reason}.",
    why="Cards are `<id>.yaml` in the folder itself or in the folder of a family there.",
    remedy="Name it `<id>.yaml` and put it there; if all cards lie a folder deeper, name that one.",
)
NO_CARDS_THERE = declare(
    "R2C-A072",
    CardError,
    what="There is no card in the folder {path!r}.",
    why="Cards are `<id>.yaml` in the folder itself or in the folder of a family there.",
    remedy="Check the path; `r2c cards new` begins a card.",
)


@dataclass(frozen=True)
class CardFile:
    """The file of a card; `family` is the folder it lies in, None for the folder of all cards."""

    file: Traversable
    family: str | None

    @property
    def place(self) -> str:
        """Its path in the folder of cards."""
        return self.file.name if self.family is None else f"{self.family}/{self.file.name}"


def card_files(root: Traversable) -> dict[str, CardFile]:
    """The cards `<root>/<id>.yaml` and `<root>/<family>/<id>.yaml`, by id; hidden files are none.

    Raises:
        CardError: R2C-A003 if two files describe one archetype, R2C-A070 for a file that seems to
            be a card and would not be found.
        OSError: if the folder cannot be listed.
    """
    found: dict[str, CardFile] = {}
    for item in _every(root):
        id = item.file.name.removesuffix(".yaml")
        if id in found:
            raise DUPLICATE_CARD(id=id, first=found[id].place, second=item.place)
        found[id] = item
    return found


def _every(root: Traversable) -> Iterator[CardFile]:
    for item in _shown(root):
        if not item.is_dir():
            if _is_card(item, item.name, root):
                yield CardFile(item, None)
            continue
        for file in _shown(item):
            if file.is_dir():
                _refuse_deeper_cards(file, f"{item.name}/{file.name}", root)
            elif _is_card(file, f"{item.name}/{file.name}", root):
                yield CardFile(file, item.name)


def _shown(folder: Traversable) -> list[Traversable]:
    """What lies in a folder, by name, without what editors and systems hide there."""
    items = (item for item in folder.iterdir() if not item.name.startswith("."))
    return sorted(items, key=lambda item: item.name)


def _is_card(file: Traversable, path: str, root: Traversable) -> bool:
    stem, _, ending = file.name.rpartition(".")
    if ending != "yaml" and ending.lower() in ("yaml", "yml"):
        reason = f"its name ends in `.{ending}`"
        raise OVERLOOKED(path=path, folder=str(root), reason=reason)
    if ending == "yaml" and not file.is_file():  # reading a pipe would wait for ever
        raise OVERLOOKED(path=path, folder=str(root), reason="it is not an ordinary file")
    return ending == "yaml" and bool(stem)


def _refuse_deeper_cards(folder: Traversable, path: str, root: Traversable) -> None:
    """Whoever names the folder above their folder of cards would have no card, and not know it."""
    for file in _shown(folder):
        if file.name.endswith(".yaml") and not file.is_dir():
            path = f"{path}/{file.name}"
            raise OVERLOOKED(path=path, folder=str(root), reason="it lies too deep")
