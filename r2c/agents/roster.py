"""The quantities to decide as the model names them: `vans: number of vans hired`."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from r2c.cir.parse import FUNCTIONS

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NOT_DECIDED = re.compile(
    r"\b(?:total|profit|cost|available|minimum|maximum|revenue|limit|budget)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A quantity to decide."""

    name: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.name}: {self.meaning}"

    @property
    def doubtful(self) -> bool:
        """Whether the meaning speaks of a total or of data rather than of a choice."""
        return _NOT_DECIDED.search(self.meaning) is not None


def read_roster(text: str) -> tuple[Choice, ...]:
    """Lines to choices, each name once.

    Raises:
        ValueError: a line is not `name: meaning`, or two names mean the same.
    """
    found: dict[str, Choice] = {}
    for line in text.strip().splitlines():
        name, colon, meaning = line.strip().partition(": ")
        if not colon or not _NAME.fullmatch(name):
            raise ValueError(f"{line!r} is not of the form `name: meaning`")
        if name in FUNCTIONS or keyword.iskeyword(name):
            name = f"{name}_"
        found.setdefault(name, Choice(name, meaning.strip()))
    if not found:
        raise ValueError("no quantity is named")
    if len({choice.meaning.lower() for choice in found.values()}) < len(found):
        raise ValueError("two quantities have the same meaning")
    return tuple(found.values())
