"""What the words put below and above a comparison, held against the two sides of the row.

"The pieces that the crane lifts cannot be lower than the pieces cut" and a row that keeps the first
below the second use the same names and numbers. Where in the sentence they stand, before or after
the words that compare, tells which side each belongs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.expr import Compare, Expr, numbers, symbols
from r2c.cir.occurrences import STRUCTURAL
from r2c.cir.schema import CIR, Rule
from r2c.formulation import Evidence
from r2c.model.draft import Draft
from r2c.model.reformulate import draft_rules
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.logic_words import stems_of
from r2c.verdict.named_limits import LIMITS
from r2c.verdict.wording import counted

NAME = "sides"
_NOT = (
    r"\b(?:not|never|no|cannot|\w+n['’]t)\s+"
    r"(?:(?!but\b|and\b|or\b|unless\b|if\b|so\b|that\b|which\b)[\w'’-]+\s+){0,3}?"
)
_FAR = r"\b(?:not|never|no|cannot|\w+n['’]t)\b[^.;]{0,120}?\b"
_BELOW = re.compile(
    rf"{_NOT}(?:more|greater|higher|larger|longer|later|bigger)\s+than\b"
    rf"|{_NOT}(?:exceed|surpass|outgrow)\b"
    rf"|{_FAR}(?:get|go|rise|climb|run|grow|be)\s+(?:past|beyond|above|over)\b"
    r"|\b(?:be|is|are)\s+(?:fully\s+)?covered\s+by\b|\b(?:fit|squeeze)s?\s+(?:in|into|within)\b"
    r"|\b(?:stay|keep|remain|be)s?\s+(?:within|below|under)\b|\bcapped\s+at\b"
    r"|\b(?:be|is|are)\s+limited\s+to\b|\b(?:be|is|are)\s+at\s+(?:the\s+)?most\b",
    re.IGNORECASE,
)
"""What stands before these words is at most what stands after them."""
_ABOVE = re.compile(
    rf"{_NOT}(?:less|lower|smaller|fewer|shorter|earlier)\s+than\b"
    rf"|{_FAR}(?:fall|drop|go|sink|slip|dip|be)\s+(?:below|under|short\s+of)\b"
    r"|\b(?:enough|suffices?|sufficient)\s+(?:for|to)\b|\b(?:must|has\s+to|have\s+to)\s+cover\b"
    r"|\b(?:must|shall|should|has\s+to|have\s+to)\s+(?:attain|reach)\b"
    r"|\b(?:be|is|are|attain|reach)\s+at\s+(?:the\s+)?least\b",
    re.IGNORECASE,
)
"""What stands before these words is at least what stands after them."""
_UNSURE = re.compile(r"\b(?:if|when|whenever|unless|either|otherwise|exactly|between)\b", re.I)
_PER_THING = re.compile(r"\b(?:for|to|per)\s+(?:each|every|any|all)\b|\bper\b", re.IGNORECASE)
_BREAK = re.compile(r"[;:](?=\s)|[.!?](?=\s|$)")
_NUMBER_WEIGHT = 2


@dataclass(frozen=True)
class _Row:
    """A row `low <= high`."""

    low: Expr
    high: Expr


def sides(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether rows keep below what their words keep below."""
    found, compared = conflicts(problem, cir, library)
    if not compared:
        return Evidence(
            check=NAME, passed=None, message="No words tell which side of a limit a thing is on."
        )
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or f"{counted(compared, 'limit')} stand the way round that the words put them.",
        rules=tuple(found),
        details={"compared": compared},
    )


def conflicts(
    problem: Problem, cir: CIR, library: Mapping[str, Card]
) -> tuple[dict[str, str], int]:
    """What is wrong, by rule, and how many rows the words say anything about."""
    called = _called(cir)
    found: dict[str, str] = {}
    compared = 0
    for draft in draft_rules(cir, library)[0]:
        row = _row(draft)
        told = None if row is None else _told(_words(draft.rule, problem))
        if row is None or told is None:
            continue
        for_, against = _votes(row, *told, called)
        compared += bool(for_) != bool(against)
        if against > for_ == 0:
            found[draft.rule.id] = (
                f"The words of the rule {draft.rule.id!r} put the two sides of its limit the other "
                "way round."
            )
    return found, compared


def _row(draft: Draft) -> _Row | None:
    """The only comparison that a rule means."""
    if draft.rule.soft is not None or draft.rule.archetype not in (*LIMITS, "linear"):
        return None
    conditions = [condition for _, condition, _ in draft.clauses()]
    if len(conditions) != 1 or not isinstance(conditions[0], Compare):
        return None
    match conditions[0]:
        case Compare(("<=",), (low, high)) | Compare((">=",), (high, low)):
            return _Row(low, high)
        case _:
            return None


def _words(rule: Rule, problem: Problem) -> str:
    span = words_of(rule, problem)
    return problem.quote(span) if span is not None else rule.quote


def _told(words: str) -> tuple[str, str] | None:
    """The words for what is below, and for what is above; None if they do not compare once."""
    below, above = list(_BELOW.finditer(words)), list(_ABOVE.finditer(words))
    if len(below) + len(above) != 1 or _UNSURE.search(words):
        return None
    cue = (below or above)[0]
    verb = cue.end() - len(" ".join(cue[0].split()[-2:]))
    before = _BREAK.split(words[:verb])[-1]
    after = _BREAK.split(words[cue.end() :])[0]
    if _PER_THING.search(before):
        return None  # "for each manager there must be at least one clerk" puts neither side first
    if not re.search(r"\w", before) or not re.search(r"\w", after):
        return None
    return (before, after) if below else (after, before)


def _votes(row: _Row, low: str, high: str, called: Mapping[str, str]) -> tuple[int, int]:
    """How much speaks for the row, and how much for the row turned around."""
    own = _marks(row.low, called)
    other = _marks(row.high, called)
    shared = own & other
    in_low, in_high = _said(low), _said(high)
    ambiguous = in_low & in_high
    own, other = own - shared - ambiguous, other - shared - ambiguous
    return _weight((own & in_low) | (other & in_high)), _weight((own & in_high) | (other & in_low))


def _weight(marks: frozenset[str | float]) -> int:
    return sum(_NUMBER_WEIGHT if isinstance(mark, float) else 1 for mark in marks)


def _marks(side: Expr, called: Mapping[str, str]) -> frozenset[str | float]:
    """The words of the names of a side, and its numbers."""
    told = stems_of(" ".join(called.get(name, "") for name in symbols(side)))
    return frozenset({*told, *(float(v) for v in numbers(side) if v not in STRUCTURAL)})


@lru_cache(maxsize=512)
def _said(words: str) -> frozenset[str | float]:
    given = (float(quantity.value) for quantity in read_problem(words).quantities)
    return frozenset({*stems_of(words), *(v for v in given if v not in STRUCTURAL)})


def _called(cir: CIR) -> dict[str, str]:
    parts: Iterator[tuple[str, str]] = (
        (item.name, f"{item.name.replace('_', ' ')} {item.meaning}")
        for of in (cir.parameters, cir.definitions, cir.decisions)
        for item in of
    )
    return dict(parts)
