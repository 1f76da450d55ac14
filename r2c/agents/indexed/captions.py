"""What the words about a matrix call its numbers, its rows and its columns.

`Freight in $ by plant (rows) and shop (columns):` above it, or `freight.csv gives the freight for
each plant and shop.` about a file. Ordinary sentences look alike, so the words have to fit the
table: the upper left cell names the rows, and no heading names what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from r2c.agents.indexed.headings import is_measure
from r2c.problem.schema import Problem, Table
from r2c.problem.spoken import stem

_NOUN = r"[A-Za-z][\w-]{1,30}(?: [A-Za-z][\w-]{1,30})?"
_PLACES = (
    rf"(?:by|from) (?P<rows>{_NOUN}?)(?P<down> \(rows?\))? (?:and|to) "
    rf"(?P<columns>{_NOUN}?)(?P<across> \(columns?\))?"
)
_TOPIC = r"(?:the )?(?P<topic>[A-Za-z][\w/ -]{0,60}?)(?: (?:in |\()(?P<unit>[^:()]{1,30}?)\)?)?"
_ABOVE = re.compile(rf"{_TOPIC} {_PLACES}", re.IGNORECASE)
_GIVES = r"(?:\w{1,20} ){0,3}?(?:gives?|has|lists?|contains?|shows?|holds?|tells?) "
_OF_FILE = (
    re.compile(
        rf"{_GIVES}{_TOPIC} (?:for|of) (?:each|every) (?P<rows>{_NOUN}?)(?P<down>) and "
        rf"(?:each |every )?(?P<columns>{_NOUN}?)(?P<across>)",
        re.IGNORECASE,
    ),
    re.compile(rf"{_GIVES}{_TOPIC} {_PLACES}", re.IGNORECASE),
)
_NO_NOUN = frozenset(
    "the a an is are was were be its it their our this that these those each every all any".split()
)
_SEEN = 200


class Caption(NamedTuple):
    """What the numbers are, what rows and columns stand for, and the unit."""

    topic: str
    rows: str
    columns: str
    unit: str | None


def caption_of(
    problem: Problem, table: Table, corner: str, headings: Sequence[str]
) -> Caption | None:
    """What the words above a table or about its file say, if they fit it.

    Args:
        problem: the problem.
        table: one of its tables.
        corner: the heading above the labels of the rows.
        headings: the other headings.
    """
    match = _about_file(problem, table) if table.path is not None else _above(problem, table)
    if match is None:
        return None
    found = Caption(match["topic"].strip(), match["rows"], match["columns"], match["unit"])
    nouns = {*found.rows.lower().split(), *found.columns.lower().split()}
    topic = set(map(stem, found.topic.lower().split()))
    named = any(stem(heading.lower()) in topic for heading in headings)
    if nouns & _NO_NOUN or named:
        return None
    if match["down"] and match["across"]:
        return found
    fits = [stem(word) for word in corner.lower().split()] == [
        stem(word) for word in found.rows.lower().split()
    ]
    return found if fits and not any(map(is_measure, headings)) else None


def _above(problem: Problem, table: Table) -> re.Match[str] | None:
    """The line that ends with a colon right above a table."""
    if table.span is None:
        return None
    before = problem.text[max(0, table.span.start - _SEEN) : table.span.start].rstrip(" \n*_#")
    if not before.endswith(":"):
        return None
    line = before[:-1].rsplit("\n", 1)[-1]
    return _ABOVE.fullmatch(_plain(re.split(r"[.:?!] ", line)[-1]))


def _about_file(problem: Problem, table: Table) -> re.Match[str] | None:
    """The sentence that goes on after the name of a file."""
    name = Path(table.path or "").name
    for found in re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", problem.text):
        words = problem.text[found.end() : found.end() + _SEEN]
        said = _plain(re.split(r"[.:?!](?:\s|$)|\n\s*\n", words, maxsplit=1)[0])
        for form in _OF_FILE:
            if match := form.fullmatch(said):
                return match
    return None


def _plain(words: str) -> str:
    """The words with single blanks and without marks around them."""
    return " ".join(words.split()).strip(" *_#`'\",;")
