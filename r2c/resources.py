"""Where the data that travels with R2C lies: inside the wheel, or beside it in a checkout.

A wheel carries `knowledge_base/` as `r2c/_knowledge_base`; an editable install does not copy it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from r2c.errors import StoreError, declare

NO_KNOWLEDGE_BASE = declare(
    "R2C-X900",
    StoreError,
    what="The knowledge base is neither at {packaged!r} nor at {beside!r}.",
    why="The archetype cards travel with R2C; this installation lost them.",
    remedy="Install R2C again (`make clean run` in a checkout).",
)

CHECKOUT = Path(__file__).resolve().parents[1]


@cache
def commit() -> str:
    """The commit that is checked out where this code lies; empty where there is none.

    Git is not asked, as it need not be there: two small files say it.
    """
    with suppress(OSError, ValueError):
        folder = CHECKOUT / ".git"
        if folder.is_file():  # a work tree of another checkout
            folder = CHECKOUT / folder.read_text(encoding="utf-8").partition(":")[2].strip()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        common = folder / "commondir"
        if common.is_file():
            folder = folder / common.read_text(encoding="utf-8").strip()
        name = head.removeprefix("ref: ")
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8").strip()
        packed = (folder / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    return ""


def knowledge_base() -> Traversable:
    """The folder of archetype cards, worked examples and schemas.

    Raises:
        StoreError: R2C-X900 if neither the wheel nor the checkout holds it.
    """
    packaged = files("r2c").joinpath("_knowledge_base")
    if packaged.is_dir():
        return packaged
    beside = CHECKOUT / "knowledge_base"
    if beside.is_dir():
        return beside
    raise NO_KNOWLEDGE_BASE(packaged=str(packaged), beside=str(beside))
