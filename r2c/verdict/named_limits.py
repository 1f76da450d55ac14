"""Limits without a number: "no larger than the trailer space" against `>= trailer_space[h, d]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.expr import And, Compare, Expr, symbols
from r2c.cir.occurrences import STRUCTURAL
from r2c.cir.schema import CIR, Rule
from r2c.cir.scope import decided
from r2c.formulation import Evidence
from r2c.model.draft import Draft
from r2c.model.reformulate import draft_rules
from r2c.problem.schema import Problem
from r2c.verdict.grammatical_numbers import is_grammatical
from r2c.verdict.said import Direction

NAME = "named_limits"
LIMITS = ("capacity_limit", "minimum_requirement")
"""Archetypes that say "at most" and "at least" and nothing else."""
_NOT = (
    r"\b(?:not|never|no|cannot|\w+n['’]t|nor|neither)\s+"
    r"(?:(?!but\b|and\b|or\b|unless\b|if\b|so\b|that\b|which\b)[\w'’-]+\s+){0,14}?"
)
_THAN = r"(?=\s+than\b|\s*(?:[.;:)]|$))"
"""After a word that compares; "a lower weight limit" only tells which limit."""
_CUES: dict[Direction, re.Pattern[str]] = {
    "most": re.compile(
        rf"\bat\s+(?:the\s+(?:very\s+)?)?most\b|{_NOT}(?:more|greater|higher|larger|longer|bigger){_THAN}"
        r"|\bupper\s+limit\b|\bcaps\b|\bcapped\b",
        re.IGNORECASE,
    ),
    "least": re.compile(
        rf"\bat\s+(?:the\s+(?:very\s+)?)?least\b|{_NOT}(?:less|fewer|lower|smaller|shorter){_THAN}"
        rf"|{_NOT}short\s+of\b|\blower\s+limit\b|\bor\s+(?:more|higher)\b"
        r"|\bmore\s+is\s+(?:allowed|fine|welcome)\b",
        re.IGNORECASE,
    ),
    "exactly": re.compile(r"\bexactly\b|\bequals?\b|\bas\s+(?:many|much)\b|\bthe\s+same\b", re.I),
}
_GOES_ON = re.compile(r"[,;:.]|\b(?:and|but|while)\b", re.IGNORECASE)
_SHORTEST = 3
_SPOKEN: dict[Direction, str] = {"least": "at least", "most": "at most", "exactly": "exactly"}


def named_limits(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether limits whose words hold no number are on the side that the words say."""
    decisions = decided(cir)
    found: dict[str, str] = {}
    for draft in draft_rules(cir, library)[0]:
        rule = draft.rule
        sides = named_conflict(rule.quote, draft, decisions)
        if sides is not None and not _holds_number(rule, problem):
            said, meant = (_SPOKEN[side] for side in sides)
            found[rule.id] = f"The words of the rule {rule.id!r} say {said!r}, it says {meant!r}."
    limits = sum(rule.archetype in LIMITS for rule in cir.rules)
    return Evidence(
        check=NAME,
        passed=not found if limits else None,
        message=" ".join(found.values())
        or ("No limit without a number runs against its words." if limits else "There is none."),
        rules=tuple(found),
    )


def _holds_number(rule: Rule, problem: Problem) -> bool:
    """Whether the words are about a number; from which side is then asked of that."""
    span = words_of(rule, problem)
    if span is None:
        return any(character.isdigit() for character in rule.quote)
    return any(
        span.overlaps(quantity.span)
        and quantity.kind not in ("label", "ordinal")
        and quantity.value not in STRUCTURAL
        and not is_grammatical(quantity, problem)
        for quantity in problem.quantities
    )


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
    said = directions_said(_up_to_its_name(words, draft, decisions))
    if len(said) != 1:
        return None
    meant = direction_meant(draft, decisions)
    (side,) = said
    if side == "exactly" or meant in (None, "exactly", side):
        return None
    assert meant is not None
    return side, meant


def _up_to_its_name(words: str, draft: Draft, decisions: frozenset[str]) -> str:
    """The words up to the name of the limit, if they name it; what follows limits something else.

    "We make the ordered weight, and they take no more than their room": of the ordered weight this
    says nothing.
    """
    ends = [
        match.end()
        for _, condition, _ in draft.clauses()
        for name in symbols(condition) - decisions
        for match in [re.search(name.replace("_", r"[\s-]+"), words, re.IGNORECASE)]
        if match is not None and len(name) > _SHORTEST
    ]
    if not ends:
        return words
    end = max(ends)
    rest = _GOES_ON.split(words[end:], maxsplit=1)[0]
    return words[: end + len(rest)]
