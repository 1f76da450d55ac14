"""What to call things: symbols by their meanings, members of sets by nouns made of their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from r2c.cir.schema import CIR
from r2c.cir.scope import symbol_table

_IRREGULAR = {"people": "person", "men": "man", "women": "woman", "children": "child"}
_ALIKE = frozenset({"series", "species", "news", "bus", "gas", "process", "access"})
_SHORTEST = 4
"""Set names of fewer letters, such as `T` or `JS`, are no words."""


@dataclass(frozen=True)
class Vocabulary:
    """Words for one model.

    `meanings` are what symbols are called, `members` the noun for a member of a set ("lane"),
    `several` the noun for many ("lanes"), `parts` the sets behind the index positions of a symbol
    or the parts of a member.
    """

    meanings: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)


def vocabulary(cir: CIR, limit: int = 60) -> Vocabulary:
    """The words for a CIR; meanings of more than `limit` characters or one line do not count."""
    said = (
        *((item.name, item.meaning) for item in cir.parameters),
        *((item.name, item.meaning) for item in cir.definitions),
        *((item.name, item.meaning) for item in cir.decisions),
    )
    several = {item.name: spaced(item.name) for item in cir.sets}
    members = {name: singular(words) for name, words in several.items()}
    table = symbol_table(cir)
    return Vocabulary(
        meanings={
            name: meaning
            for name, meaning in said
            if meaning and len(meaning) <= limit and meaning.isprintable()
        },
        members={name: noun for name, noun in members.items() if noun is not None},
        several=several,
        parts={name: symbol.positions for name, symbol in table.items()},
    )


def spaced(name: str) -> str:
    """A name as words: `WorkDays` and `work_days` are "work days"."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.replace("_", " ")).split()
    return " ".join(part if part.isupper() and len(part) > 1 else part.lower() for part in parts)


def singular(words: str) -> str | None:
    """The noun for one of many, None if the words are no plural: "work days" gives "work day"."""
    first, _, last = words.rpartition(" ")
    start = f"{first} " if first else ""
    if last in _IRREGULAR:
        return start + _IRREGULAR[last]
    if len(last) < _SHORTEST or not last.endswith("s") or last in _ALIKE or last.endswith("ss"):
        return None
    if last.endswith("es") and last[:-2] in _ALIKE:
        return start + last[:-2]
    if last.endswith("ies") and len(last) > len("ties"):
        return start + last[:-3] + "y"
    if re.search(r"(?:ch|sh|ss|x|zz)es$", last):
        return start + last[:-2]
    return start + last[:-1]
