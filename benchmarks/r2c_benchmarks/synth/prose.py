"""The sentences of an example that say something of its problem.

What texts of one grammar always share says nothing: captions, tables, greetings, the turns of a
dialogue. All of that is listed here and told in the card of the data; everything else is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

SCAFFOLDING: Mapping[str, re.Pattern[str]] = {
    "captions of tables and files": re.compile(
        r"^[^\n|]*:[ \t]*(?=\n\s*\|)|^The file \S+\.csv gives .*$", re.MULTILINE
    ),
    "lines of tables": re.compile(r"^\s*\|.*$", re.MULTILINE),
    "titles, headings and subjects": re.compile(
        r"^(?:#+ .*|MEMORANDUM|Subject: .*)$|\A[^\n.?!:]+(?=\n)", re.MULTILINE
    ),
    "greetings and farewells": re.compile(
        r"^(?:Hi|Hello|Good morning|Dear|Thanks|Many thanks|Best regards|Cheers)\b[^\n.?]{0,30}$",
        re.MULTILINE,
    ),
    "who speaks in a dialogue, and what the analyst asks": re.compile(
        r"^(?:Analyst: .*|Planner: ?(?:Of course\.)?)", re.MULTILINE
    ),
    "words that lead over": re.compile(
        r"\b(?:Also|One more thing|And don't forget|By the way):"
        r"|^(?:Here are the numbers\.|Attached:)",
        re.MULTILINE,
    ),
}
"""What is taken out before sentences are compared, by what it is; in this order."""
_END = re.compile(r"(?<=[.?!])\s+|\n")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text without scaffolding; none reaches over the end of a line."""
    for pattern in SCAFFOLDING.values():
        text = pattern.sub("\n", text)
    yield from (sentence.strip() for sentence in _END.split(text) if sentence.strip())
