"""Scale words and their abbreviations: `million`, `dozen`, `5k`, `$2.5 bn`, `5M`.

`M` is a million only directly behind the digits or beside a money sign; `5 m` and `5 M` are
lengths or names, and `5B` may be a name or a size in bytes: these stay as they are.
"""

from __future__ import annotations

import re

SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
    "dozen": 12.0,
}
VAGUE = frozenset("several few many some various countless couple".split())
"""Words that make a scale word an unknown number: `several dozen`, `a few hundred`."""

CURRENCY_AFTER = (
    r"(?=\\?[$€£¥₹₩₽]|(?:USD|EUR|GBP|CNY|RMB|JPY|INR|CHF|AUD|CAD)\b"
    r"|(?:dollars?|euros?|yuan|yen|rupees?|francs)\b)"
)
_WORD = re.compile(
    r"[ \u00a0-]?(?P<word>hundred|thousand|million|billion|trillion|lakh|crore)s?\b"
    r"|[ \u00a0-](?P<dozen>dozen)\b",
    re.I,
)
_FACTORS = {
    "k": 1e3,
    "m": 1e6, "mm": 1e6, "mn": 1e6, "mln": 1e6, "mio": 1e6,
    "b": 1e9, "bn": 1e9, "bln": 1e9, "mrd": 1e9,
    "t": 1e12, "tn": 1e12,
}  # fmt: skip
_END = r"(?![A-Za-z0-9])"
_ALWAYS = re.compile(rf"(?P<short>[kKM]|MM|[ \u00a0]?(?:bn|Bn|BN|bln|mn|mln|[Mm]io|[Mm]rd)){_END}")
_BESIDE_MONEY = re.compile(
    r"(?P<short>[ \u00a0]?(?:k|mm?|mn|mln|mio|b|bn|bln|mrd|tn)|t)"
    # "The box costs $5 M is paid by ...": a name that opens the next words is no scale.
    rf"{_END}(?!\s+(?:is|are|was|has|can|must|may|needs|costs|sells|takes|yields)\b)",
    re.I,
)
_BEFORE_MONEY = re.compile(
    rf"(?P<short>[ \u00a0]?(?:[kKmMbB]|[Bb]n|[Mm]n|[Mm]ln|[Mm]io|[Mm]rd))[ \u00a0]?{CURRENCY_AFTER}"
)
_OF_ONE = re.compile(
    r"(?:[ \u00a0-]|\s+(?:of\s+)?an?\s+)"
    r"(?P<word>hundred|thousand|million|billion|trillion|lakh|crore|dozen)\b",
    re.I,
)


def scale_word(text: str, end: int) -> tuple[int, float] | None:
    """Where the scale word behind the number that ends at `end` ends itself, and its factor."""
    match = _WORD.match(text, end)
    if match is None:
        return None
    return match.end(), SCALES[(match.group("word") or match.group("dozen")).lower()]


def scale_sign(text: str, end: int, *, money: bool) -> tuple[int, float] | None:
    """The same for an abbreviation behind digits; `money` says that a money sign precedes them."""
    match = _ALWAYS.match(text, end) or _BEFORE_MONEY.match(text, end)
    if match is None and money:
        match = _BESIDE_MONEY.match(text, end)
    if match is None:
        return None
    return match.end("short"), _FACTORS[match.group("short").strip(" \u00a0").lower()]


def scale_of_part(text: str, end: int) -> tuple[int, float] | None:
    """The scale that a fraction is taken of: `half a million`, `three quarters of a million`."""
    match = _OF_ONE.match(text, end)
    return (match.end(), SCALES[match.group("word").lower()]) if match else None
