r"""Finds halves of surrogate pairs in plain data, before anything is made of it.

JSON can spell half of a pair (`"\ud800"`); it is no character, and nothing that holds it can be
written as UTF-8 again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from r2c.errors import CIRError, Fault, declare

HALF_PAIR = declare(
    "R2C-C094", CIRError,
    what="The text there holds {character}, half of a surrogate pair.",
    why="It stands for no character, and a text that holds it cannot be stored as UTF-8.",
    remedy="Write the whole character, or leave it out.",
)  # fmt: skip

_HALF = re.compile("[\ud800-\udfff]")


def half_pairs(data: object) -> Iterator[tuple[str, Fault]]:
    """The places of all halves, `rules.0.quote`, each with its fault; keys are looked at too."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), data)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            if match := _HALF.search(value):
                shown = ".".join(place) or "the whole"
                yield shown, HALF_PAIR.fault(character=f"U+{ord(match[0]):04X}")
        elif isinstance(value, Mapping):
            parts = [((*place, _shown(key)), part) for key, part in value.items()]
            keys = [((*place, _shown(key)), key) for key in value]
            waiting += reversed([*keys, *parts])
        elif isinstance(value, list | tuple):
            waiting += [((*place, str(n)), part) for n, part in enumerate(value)][::-1]


def _shown(key: object) -> str:
    return str(key).encode("utf-8", "backslashreplace").decode()
