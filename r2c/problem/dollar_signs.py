r"""Tells a dollar sign that means money from one that opens or closes LaTeX mathematics.

`$5 and $7` is money, `$50$` and `$x_1$` are mathematics, `\$5` is always money.
"""

from __future__ import annotations

import re

_PAIR = re.compile(r"(?<![\\$])(\$\$?)(?![\s$])((?:\\.|[^$\\\n|]){1,200}?)(?<!\s)\1(?![\d$])")
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\s*\{[A-Za-z %/]*\})?|~\s*[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z]{2,}")
_PREFIX = re.compile(
    r"(?:(?P<dollar>\\?\$)|(?P<sign>[€£¥₹₩₽])"
    r"|\b(?P<code>US\\?\$|USD|EUR|GBP|CNY|RMB|JPY|INR|CHF|AUD|CAD|RM|Rs\.?))[ \u00a0]?\Z"
)
_SUFFIX = re.compile(r"[ \u00a0]?(?:(?P<dollar>\\?\$)|(?P<sign>[€£¥₹₩₽]))(?![\d.])")


def math_delimiters(text: str) -> frozenset[int]:
    """Positions of the `$` characters that open or close mathematics.

    A pair counts as mathematics when both stand on one line and what they enclose holds no
    ordinary word, so that `$5 for hats and $7` stays money.
    """
    found: set[int] = set()
    position = 0
    while pair := _PAIR.search(text, position):
        if _WORD.search(_COMMAND.sub("", pair.group(2))):
            position = pair.start() + 1
            continue
        width = len(pair.group(1))
        for offset in range(width):
            found.add(pair.start() + offset)
            found.add(pair.end() - 1 - offset)
        position = pair.end()
    return frozenset(found)


def currency_before(text: str, start: int, delimiters: frozenset[int]) -> tuple[str, int] | None:
    """The currency sign that ends right before `start`, with the position where it begins."""
    lower = max(0, start - 6)
    match = _PREFIX.search(text[lower:start])
    if match is None:
        return None
    at = lower + match.start()
    if match.group("dollar"):
        sign = lower + match.end("dollar") - 1
        return None if sign in delimiters else ("$", at)
    return (match.group("sign") or match.group("code").replace("\\", "").rstrip("."), at)


def currency_after(text: str, end: int, delimiters: frozenset[int]) -> str | None:
    """The currency sign that follows the number ending at `end`, as in `50 €` or `6$`."""
    match = _SUFFIX.match(text, end)
    if match is None:
        return None
    if match.group("dollar"):
        return None if match.end("dollar") - 1 in delimiters else "$"
    return match.group("sign")
