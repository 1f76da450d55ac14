"""The beginning of a card: a copy of the nearest one under a new id, to be rewritten."""

from __future__ import annotations

import re
from pathlib import Path

from r2c.archetypes.load import UNKNOWN_ARCHETYPE, Library, closest
from r2c.errors import CardError, declare
from r2c.resources import knowledge_base

TAKEN = declare(
    "R2C-A050",
    CardError,
    what="There is an archetype {id!r} already{where}.",
    why="A new card must not take the place of another.",
    remedy="Choose another id, or edit that card.",
)
BAD_ID = declare(
    "R2C-A051",
    CardError,
    what="{id!r} cannot be the id of an archetype.",
    why="It is a name in models and the name of a file: small letters, digits and `_`.",
    remedy="Choose one such as {better!r}.",
)

_ID = re.compile(r"[a-z][a-z0-9_]{2,63}")


def start_card(id: str, like: str, folder: Path) -> Path:
    """Write `folder/<family>/<id>.yaml` as a copy of another card; the path written.

    The copy is a card that can be linted and proved from the beginning: every edit shows at once
    what it breaks. Its phrasings are left out, since they state the other archetype.

    Args:
        id: The new archetype.
        like: A card that travels with R2C.
        folder: Where cards of one's own are kept; made if missing.

    Raises:
        CardError: R2C-A005 if there is no card to start from, R2C-A050, R2C-A051.
        OSError: if the file cannot be written.
    """
    shipped = Library(knowledge_base().joinpath("cards"))
    if not _ID.fullmatch(id):
        words = re.findall("[a-z0-9]+", id.lower()) or ["my", "rule"]
        raise BAD_ID(id=id, better="_".join(words).lstrip("0123456789_") or "my_rule")
    if like not in shipped:
        raise UNKNOWN_ARCHETYPE(id=like, close=closest(like, shipped))
    if id in shipped:
        raise TAKEN(id=id, where=" among the cards of R2C")
    for file in folder.glob(f"*/{id}.yaml"):
        raise TAKEN(id=id, where=f" in {str(file)!r}")
    family = shipped[like].family
    source = knowledge_base().joinpath("cards", family, f"{like}.yaml")
    text, _, _ = source.read_text(encoding="utf-8").partition("\nphrasings:\n")
    text = re.sub(rf"(?m)^id: {like}$", f"id: {id}", text)
    text = re.sub(rf"\barchetype: {like}\b", f"archetype: {id}", text)
    text = re.sub(r"(?m)^name: .*$", f"name: {id.replace('_', ' ').capitalize()}", text)
    path = folder / family / f"{id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    return path
