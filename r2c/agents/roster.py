"""The quantities to decide as the model names them: `vans: number of vans hired`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from r2c.agents.reserved import is_reserved

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MEANING = 200
MAX_DECISIONS = 40
"""More than a form admits: an endpoint that holds to no grammar may list more."""
_NOT_DECIDED = re.compile(
    r"\b(?:total|profit|cost|available|minimum|maximum|revenue|limit|budget)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A quantity to decide, or a family of them: one for each member of the axes in `over`.

    Where sets and numbers are declared beside the decisions, `declared` is the line of each, and
    sets and numbers have no meaning.
    """

    name: str
    meaning: str
    over: tuple[str, ...] = ()
    declared: str = ""

    def __str__(self) -> str:
        if self.declared:
            return self.declared
        axes = f"[{', '.join(self.over)}]" if self.over else ""
        return f"{self.name}{axes}: {self.meaning}"

    @property
    def doubtful(self) -> bool:
        """Whether the meaning speaks of a total or of data rather than of a choice."""
        return _NOT_DECIDED.search(self.meaning) is not None


def read_roster(text: str) -> tuple[Choice, ...]:
    """Lines to choices, each name and each meaning once.

    Several names with one meaning are one choice, named after the meaning: a model that lists the
    ingredients of two mixtures still says which mixtures there are.

    Raises:
        ValueError: a line is not `name: meaning`, or there are none or too many.
    """
    found: dict[str, Choice] = {}
    for line in text.strip().splitlines():
        name, colon, meaning = line.strip().partition(": ")
        if not colon or not _NAME.fullmatch(name):
            raise ValueError(f"{line!r} is not of the form `name: meaning`")
        if not meaning.isprintable() or len(meaning) > _MEANING:
            raise ValueError(f"the meaning of {name!r} is not one short line of plain text")
        if is_reserved(name):
            name = f"{name}_"
        found.setdefault(name, Choice(name, meaning.strip()))
    if len(found) > MAX_DECISIONS:
        raise ValueError(f"{len(found)} quantities are too many to decide one by one")
    if not found:
        raise ValueError("no quantity is named")
    return _each_meaning_once(tuple(found.values()))


def _each_meaning_once(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    groups: dict[str, list[Choice]] = {}
    for choice in choices:
        groups.setdefault(choice.meaning.lower(), []).append(choice)
    if len(groups) == len(choices):
        return choices
    once: dict[str, Choice] = {}
    for group in groups.values():
        name = _name_of(group[0].meaning)
        once.setdefault(name, Choice(name, group[0].meaning))
    return tuple(once.values())


def _name_of(meaning: str) -> str:
    """`kilograms of feed A used` becomes `feed_a`."""
    words = re.findall(r"[a-z0-9]+", meaning.lower().split(" of ", 1)[-1])
    kept = words[:-1] if len(words) > 1 and words[-1].endswith(("ed", "made", "sold")) else words
    name = "_".join(kept[:4]) or "amount"
    return name if _NAME.fullmatch(name) and not is_reserved(name) else f"x_{name[:60]}"
