"""Where the data that travels with R2C lies: inside the wheel, or beside it in a checkout.

A wheel carries `knowledge_base/` as `r2c/_knowledge_base`; an editable install does not copy it.
"""

from __future__ import annotations

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
