"""A sentence that states several rules, part by part: "..., and the hours of all must not ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from r2c.agents.clauses import Clause
from r2c.problem.schema import Span

_CUT = re.compile(
    r";\s+(?!(?:for )?(?:the first [a-z]+|[a-z]+ 1)\b[^.;]*\b(?:free|exempt|no (?:such )?limit)\b)"
    r"|,\s+(?:and|but|while|whereas)\s+(?!only if)|\s+[-–—]\s+|\.\s+"
)
RULING = re.compile(
    r"\b(?:must|cannot|can['’]?t|can not|may|might|not|n['’]t|no|nor|never|neither|only|at most"
    r"|at least|exactly|precisely|unless|except|should|shall|ha(?:s|ve) to|need(?:s)? to|forbidden"
    r"|allowed|permitted|either|whenever|provided|more than|less than|fewer than|up to|max(?:imum)?"
    r"|min(?:imum)?|limit(?:s|ed)?|within|exceeds?|equals?|if|single|mandatory|require[sd]?|out of"
    r"|impossible|possible|once|none|zero|without|otherwise|barred|ruled out"
    r"|presuppos\w+)\b|<=|>=|=|\bn['’]t\b",
    re.IGNORECASE,
)

_ASIDE = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:(?:(?:one|another|a last) (?:more )?thing|also|by the way"
    r"|(?:and )?(?:don['’]t forget"
    r"|remember|note)|please note|in addition|besides|finally|nb|ps|rule \d+|\d+[.)])[:,]?\s+)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"^\s*[A-Z][a-z]+:\s+(?=[A-Z(€$£])")


def bare(words: str) -> str:
    """The words without who says them and without an aside, "One more thing: "."""
    return _ASIDE.sub("", _SPEAKER.sub("", words)).strip()


def parts_of(clause: Clause) -> Iterator[Clause]:
    """The parts of a sentence that state a rule each; a part without a rule goes with its rule."""
    start = 0
    for match in _CUT.finditer(clause.text):
        before, after = clause.text[start : match.start()], clause.text[match.end() :]
        if RULING.search(before) and RULING.search(after):
            yield part_of(clause, start, match.start())
            start = match.end()
    yield part_of(clause, start, len(clause.text))


def part_of(clause: Clause, start: int, end: int) -> Clause:
    """A stretch of the words of a sentence with the numbers in it."""
    first = clause.span.start
    slots = tuple(slot for slot in clause.slots if start <= slot.quantity.span.start - first < end)
    span = Span(start=first + start, end=first + end)
    return replace(clause, span=span, text=clause.text[start:end], slots=slots)
