"""Sets as a sentence names them: by their noun, or by a list of all their members."""

from __future__ import annotations

import re

from r2c.agents.indexed.data import Data
from r2c.problem.spoken import stem

_LEAST_LISTED = 2
_MOST_LISTED = 40


def axis_of(words: str, data: Data) -> str | None:
    """The set that a noun names, by its words in full: `raw materials`, `course`."""
    said = [stem(word) for word in re.split(r"[ -]", words)]
    for axis in data.axes.values():
        parts = [stem(part) for part in axis.name.split("_")]
        if said[: len(parts)] == parts:
            return axis.name
    return None


def listed_in(words: str, data: Data) -> str:
    """The words with "each shop" where they list all shops by name.

    Args:
        words: the sentence.
        data: the sets with their members.
    """
    for axis in data.axes.values():
        if len(axis.members) < _LEAST_LISTED or len(axis.members) > _MOST_LISTED:
            continue
        name = rf"(?:{'|'.join(map(re.escape, sorted(axis.members, key=len, reverse=True)))})"
        for match in re.finditer(rf"\b{name}(?:(?:,| and|, and| or|, or) {name})+\b", words):
            if all(re.search(rf"\b{re.escape(one)}\b", match[0]) for one in axis.members):
                listed = f"each {axis.name.replace('_', ' ')}"
                words = f"{words[: match.start()]}{listed}{words[match.end() :]}"
                break
    return words
