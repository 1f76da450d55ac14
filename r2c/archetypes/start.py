"""The beginning of a card: a copy of the nearest one, or of the one it shadows, to be rewritten."""

from __future__ import annotations

import re
from pathlib import Path

from r2c.archetypes.folder import card_files
from r2c.archetypes.load import UNKNOWN_ARCHETYPE, Library, closest
from r2c.errors import CardError, declare
from r2c.resources import knowledge_base

TAKEN = declare(
    "R2C-A050",
    CardError,
    what="There is an archetype {id!r} already{where}.",
    why="An archetype has one card, and a file in your folder takes the place of R2C's: a new one "
    "is not to do so by mistake.",
    remedy="Choose another id, or {otherwise}.",
)
BAD_ID = declare(
    "R2C-A051",
    CardError,
    what="{id!r} cannot be the id of an archetype.",
    why="It is a name in models and the name of a file: 3 to 64 small letters, digits and `_`, a "
    "letter first.",
    remedy="Choose one such as {better!r}.",
)

NOTHING_TO_SHADOW = declare(
    "R2C-A071",
    CardError,
    what="R2C has no card {id!r} whose place could be taken.",
    why="A card shadows the one of R2C that has the same id.",
    remedy="Leave `--shadow` out for a new archetype, or name one of {close}.",
)

_ID = re.compile(r"[a-z][a-z0-9_]{2,63}")


def start_card(id: str, like: str, folder: Path, *, shadow: bool = False) -> Path:
    """Write `folder/<family>/<id>.yaml` as a copy of another card; the path written.

    The copy is a card that can be linted and proved from the beginning: every edit shows at once
    what it breaks. The phrasings of another archetype are left out, since they state that one.

    Args:
        id: The new archetype, or the one of R2C to shadow.
        like: A card that travels with R2C.
        folder: Where cards of one's own are kept; made if missing.
        shadow: Whether the card is to take the place of the one of R2C with the same id.

    Raises:
        CardError: R2C-A005 if there is no card to start from, R2C-A050, R2C-A051, R2C-A071; what
            the folder itself may be refused for, R2C-A003 and R2C-A070.
        OSError: if the file cannot be written.
    """
    shipped = Library(knowledge_base().joinpath("cards"))
    if not _ID.fullmatch(id):
        raise BAD_ID(id=id, better=_better(id))
    if shadow and id not in shipped:
        raise NOTHING_TO_SHADOW(id=id, close=closest(id, shipped))
    if like not in shipped:
        raise UNKNOWN_ARCHETYPE(id=like, close=closest(like, shipped))
    if id in shipped and not shadow:
        otherwise = "add `--shadow` to write one of your own that takes its place"
        raise TAKEN(id=id, where=" among the cards of R2C", otherwise=otherwise)
    if folder.is_dir() and (there := card_files(folder).get(id)) is not None:
        raise TAKEN(id=id, where=f" in {str(there.file)!r}", otherwise="edit that card")
    family = shipped[like].family
    source = knowledge_base().joinpath("cards", family, f"{like}.yaml")
    text = source.read_text(encoding="utf-8")
    if id != like:
        text = _renamed(text, like, id)
    path = folder / family / f"{id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    return path


def _better(id: str) -> str:
    """An id that may be used and looks like one that may not."""
    found = "_".join(re.findall("[a-z0-9]+", id.lower())).lstrip("0123456789_")[:64].rstrip("_")
    if len(found) < 3:
        return f"{found}_rule" if found else "my_rule"
    return found


def _renamed(text: str, like: str, id: str) -> str:
    """The text of a card under another id."""
    text, _, _ = text.partition("\nphrasings:\n")
    text = re.sub(rf"(?m)^id: {like}$", f"id: {id}", text)
    text = re.sub(rf"\barchetype: {like}\b", f"archetype: {id}", text)
    return re.sub(r"(?m)^name: .*$", f"name: {id.replace('_', ' ').capitalize()}", text)
