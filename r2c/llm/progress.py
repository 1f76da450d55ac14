"""How far a model's slow beginnings are: fetching weights, joining them, starting the server."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias


class Stage(StrEnum):
    """What is going on."""

    HUB = "download from the model hub"
    INDEX = "download from the package index"
    ASSEMBLE = "assemble the weights"
    VERIFY = "verify the weights"
    START = "start the embedded model"
    CARDS = "read the texts of the cards"


def amount(stage: Stage, done: int, total: int) -> str:
    """How far a stage is, in what it counts: bytes, or the texts of cards; nothing if unknown."""
    if not total:
        return ""
    if stage is Stage.CARDS:
        return f"{done} of {total}"
    return f"{done // 1_000_000} of {total // 1_000_000} MB" if total > 1_000_000 else ""


Progress: TypeAlias = Callable[[Stage, int, int], None]
"""Told the stage, the bytes or texts done, and those in all (0 of 0: under way, no measure)."""


def silent(stage: Stage, done: int, total: int) -> None:
    """The progress report for those who want none."""
