"""Who may ask: keys compared by their digests, in a time that tells nothing about them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from r2c.errors import InputError, declare

BAD_KEYS = declare(
    "R2C-I030", InputError,
    what="The file of keys {path!r} cannot be used: {reason}.",
    why="It holds one key a line, each of at least {least} characters.",
    remedy="Write such a file that only you can read, or leave --keys out.",
)  # fmt: skip

LEAST = 16
"""Characters of the shortest key."""


class Keys:
    """The keys that count. Only digests are kept."""

    def __init__(self, keys: Iterable[str]) -> None:
        """At least one key."""
        self._digests = tuple(_digest(key) for key in keys)
        if not self._digests:
            raise ValueError("a proxy without a key would be open to everybody")

    def allow(self, authorization: str | None) -> bool:
        """Whether the header `Authorization` shows one of them."""
        scheme, _, shown = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        digest = _digest(shown.strip())
        fits = False
        for kept in self._digests:  # all of them, whichever fits
            fits |= hmac.compare_digest(digest, kept)
        return fits


def read_keys(path: Path) -> list[str]:
    """The keys of a file.

    Raises:
        InputError: R2C-I030.
    """
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise BAD_KEYS(path=str(path), reason=str(error).rstrip("."), least=LEAST) from error
    if not lines or min(map(len, lines)) < LEAST:
        raise BAD_KEYS(path=str(path), reason="a key is too short or there is none", least=LEAST)
    return lines


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
