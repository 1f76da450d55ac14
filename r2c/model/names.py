"""Names of rows and variables that people can read and LP and MPS files can carry.

`ship["Plant A", "Jan"]` becomes `ship(Plant_A,Jan)`; two keys that would look alike get a number.
"""

from __future__ import annotations

import re
from functools import lru_cache

from r2c.cir.members import Key, label

_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")
_MAX = 200
# Words of the LP format, and what its readers take for the beginning of a number.
_RESERVED = re.compile(
    r"(min|max|minimi[sz]e|maximi[sz]e|minimum|maximum|st|s\.t\.|such|subject|to|that|bounds?|free"
    r"|bin|binary|binaries|gen|general|generals|int|integer|integers|semi|semis|sec|sos|sos1|sos2"
    r"|end|obj|objective|none|constant|rhs|rng|bnd|ranges|rows|columns|marker|endata)"
    r"|(inf|nan|e[0-9.]).*|e",
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
        text = text[:_MAX]
        unique, number = text, 2
        while unique.lower() in self._taken:
            unique, number = f"{text}_{number}", number + 1
        self._taken.add(unique.lower())
        return unique


def _word(text: str) -> str:
    safe = _UNSAFE.sub("_", text).strip("_.") or "v"
    return f"v_{safe}" if not safe[0].isalpha() or _RESERVED.fullmatch(safe) else safe


@lru_cache(maxsize=65_536)
def _part(text: str) -> str:
    if re.fullmatch(r"-\d+", text):
        return f"m{text[1:]}"
    return _UNSAFE.sub("_", text).strip("_") or "_"
