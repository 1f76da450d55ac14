"""Which characters a text may hold: what is visible, and line breaks of every kind."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile("\r\n|[\r\f\v\x1c-\x1e\x85\u2028\u2029]")


def with_plain_breaks(text: str) -> str:
    r"""The text with `\n` for each of its line breaks."""
    return _LINE_BREAKS.sub("\n", text)


def refused_character(text: str) -> int | None:
    """Where the first control character or half of a surrogate pair stands; None without one.

    Line breaks are expected to be plain ones.
    """
    for position, character in enumerate(text):
        if character not in "\t\n" and _is_refused(character):
            return position
    return None


def code_point(character: str) -> str:
    """The name of a character that cannot be shown: `U+001B`."""
    return f"U+{ord(character):04X}"


def _is_refused(character: str) -> bool:
    # U+0080 to U+009F come from quotation marks decoded with the wrong table: ugly, but text.
    return unicodedata.category(character) in ("Cc", "Cs") and not "\x80" <= character <= "\x9f"
