"""Names of rows and variables that people can read and LP and MPS files can carry.

`ship["Plant A", "Jan"]` becomes `ship(Plant_A,Jan)`; two keys that would look alike get a number.
"""

from __future__ import annotations

import re
from functools import lru_cache

from r2c.cir.members import Key, label

_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")
_MAX = 200
# Words of the LP format, and what its readers take for a number in scientific notation.
_RESERVED = re.compile(
    r"(min|max|minimi[sz]e|maximi[sz]e|minimum|maximum|st|s\.t\.|such|subject|to|that|bounds?|free"
    r"|inf|infinity|nan|bin|binary|binaries|gen|general|generals|int|integer|integers|semi|semis"
    r"|sos|sos1|sos2|end|obj|constant|rhs|rng|bnd|ranges|rows|columns|endata|e[0-9.]*)",
    re.IGNORECASE,
)


class Names:
    """Hands out unique names."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, base: str, key: Key = ()) -> str:
        """A name for one member of a symbol, different from all others."""
        text = _word(base)
        if key:
            text += "(" + ",".join(_part(label(item)) for item in key) + ")"
        elif _RESERVED.fullmatch(text):
            text += "_"
        text = text[:_MAX]
        unique, number = text, 2
        while unique.lower() in self._taken:
            unique, number = f"{text}_{number}", number + 1
        self._taken.add(unique.lower())
        return unique


def _word(text: str) -> str:
    safe = _UNSAFE.sub("_", text).strip("_.") or "v"
    # Letters that read as the start of a number must not come first.
    return safe if safe[0].isalpha() else f"v_{safe}"


@lru_cache(maxsize=65_536)
def _part(text: str) -> str:
    if re.fullmatch(r"-\d+", text):
        return f"m{text[1:]}"
    return _UNSAFE.sub("_", text).strip("_") or "_"
