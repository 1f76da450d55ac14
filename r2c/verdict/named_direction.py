"""Limits without a number: "no larger than the trailer space" against `>= trailer_space[h, d]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from r2c.cir.expr import And, Compare, Expr, symbols
from r2c.model.draft import Draft
from r2c.verdict.said import Direction

LIMITS = ("capacity_limit", "minimum_requirement")
"""Archetypes that say "at most" and "at least" and nothing else."""
_NOT = (
    r"\b(?:not|never|no|cannot|\w+n['’]t|without|nor|neither)\s+"
    r"(?:(?!but\b|and\b|or\b|unless\b|if\b)[\w'’-]+\s+){0,14}?"
)
_THAN = r"(?=\s+than\b|\s*(?:[.,;:)]|$))"
"""After a word that compares; "a lower weight limit" only tells which limit."""
_CUES: dict[Direction, re.Pattern[str]] = {
    "most": re.compile(
        rf"\bat\s+(?:the\s+)?most\b|{_NOT}(?:(?:more|greater|higher|larger|longer|bigger|further){_THAN}"
        r"|above\b|over\b|past\b|beyond\b|exceed\w*|surpass\w*)|\bupper\s+limit\b|\bmax(?:imum|\.)"
        r"|\b(?:is|are|be)\s+(?:limited|restricted|capped)\b|\bcaps\b|\b(?:stay|remain|keep|lie)s?\s+"
        r"(?:within|below|under)\b|\b(?:must|have\s+to|has\s+to)\s+fit\b",
        re.IGNORECASE,
    ),
    "least": re.compile(
        rf"\bat\s+(?:the\s+)?least\b|{_NOT}(?:(?:less|fewer|lower|smaller|shorter){_THAN}|below\b|under\b)"
        rf"|{_NOT}short\s+of\b|\bor\s+(?:higher|above|beyond)\b|\blower\s+limit\b|\bmin(?:imum|\.)|\bor\s+more\b|\bmore\s+is\s+(?:allowed|fine|welcome)\b"
        r"|\b(?:must|have\s+to|has\s+to)\s+(?:cover|reach)\b",
        re.IGNORECASE,
    ),
    "exactly": re.compile(r"\bexactly\b|\bequals?\b|\bas\s+(?:many|much)\b|\bthe\s+same\b", re.I),
}


def directions_said(words: str) -> frozenset[Direction]:
    """The sides from which the words limit something, whether a number is named or not."""
    return frozenset(side for side, cue in _CUES.items() if cue.search(words))


def direction_meant(draft: Draft, decisions: frozenset[str]) -> Direction | None:
    """The side from which all conditions of a rule limit what is decided; None if they differ."""
    found = {side for _, condition, _ in draft.clauses() for side in _sides(condition, decisions)}
    return found.pop() if len(found) == 1 else None


def _sides(condition: Expr, decisions: frozenset[str]) -> Iterator[Direction | None]:
    if isinstance(condition, And):
        for part in condition.args:
            yield from _sides(part, decisions)
        return
    if not isinstance(condition, Compare) or len(condition.ops) != 1:
        yield None
        return
    left, right = (bool(symbols(side) & decisions) for side in condition.args)
    op = condition.ops[0]
    if left == right or op not in ("<=", ">="):
        yield None
        return
    yield "most" if (op == "<=") == left else "least"


def named_conflict(
    words: str, draft: Draft, decisions: frozenset[str]
) -> tuple[Direction, Direction] | None:
    """What the words say and what the rule says, if these are opposite sides and no others."""
    if draft.rule.archetype not in LIMITS:
        return None
    said = directions_said(words)
    if len(said) != 1:
        return None
    meant = direction_meant(draft, decisions)
    (side,) = said
    if side == "exactly" or meant in (None, "exactly", side):
        return None
    assert meant is not None
    return side, meant
