"""Rules between choices that the words settle: if one then (not) another, not both, for sure.

Such sentences hold no number, and their words leave little open: which choice is the condition,
which the consequence, and whether it is excluded. What is not understood is left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from r2c.agents.mentions import mentioned_in_order
from r2c.agents.slots import Slot
from r2c.agents.statements import Implication, Limit, Statement
from r2c.cir.expr import Add, Compare, Name, Num

Telling = Mapping[str, frozenset[str]]

_RULE = re.compile(
    r"\b(?:if|when|whenever|unless|provided)\b.*\b(?:not|no|also|must|will|cannot|can't|too|either"
    r"|has to|have to|should)\b"
    r"|\bonly if\b|\bnot both\b|\bcannot both\b|\bmutually exclusive\b|\bincompatible\b"
    r"|\b(?:not|cannot|can't|never)\b.*\b(?:together|at the same time|simultaneously)\b"
    r"|\b(?:definitely|certainly|for sure|in any case)\b"
    r"|\beither\b.*\bor\b.*\b(?:must|should|has to|have to)\b"
    r"|\b(?:must|should|has to|have to)\b.*\beither\b.*\bor\b"
    r"|\bat most one of\b|\bexactly one of\b|\bat least one of\b"
    r"|\bone of\b.*\bmust\b",
    re.IGNORECASE | re.DOTALL,
)
_IF_THEN = re.compile(
    r"\b(?:if|when|whenever)\b(?P<condition>[^,;]*?)(?:,|\bthen\b)(?P<consequence>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(
    r"(?:(?:however|also|moreover|further(?:more)?|in addition|finally),?\s+)?"
    r"(?:if|when|whenever)\b(?P<condition>[^,;]*?)(?:,|\bthen\b)(?P<consequence>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ONLY_IF = re.compile(
    r"^(?P<condition>.*)\bonly if\b(?P<consequence>.*)$", re.IGNORECASE | re.DOTALL
)
_REASON = re.compile(
    r"[,;]?\s*\b(?:because|since|due to|owing to|as (?:he|she|it|they|the|there)|so that)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_SO = re.compile(r"^.*\b(?:so|therefore|hence|thus)\b", re.IGNORECASE | re.DOTALL)
_NOT = re.compile(
    r"\b(?:not|cannot|no|never|neither|without)\b|n't\b|\b(?:rules? out|excludes?)\b",
    re.IGNORECASE,
)
_NEVER_BOTH = re.compile(
    r"\b(?:not both|cannot both|can't both|mutually exclusive|incompatible)\b"
    r"|\b(?:not|cannot|can't|never)\b.*\b(?:both|together|at the same time|simultaneously)\b",
    re.IGNORECASE | re.DOTALL,
)
_EITHER_OR = re.compile(r"\beither\b.*\bor\b", re.IGNORECASE | re.DOTALL)
_SURE = re.compile(r"\b(?:definitely|certainly|for sure|in any case)\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b|\bunless\b", re.IGNORECASE)


def is_rule(words: str) -> bool:
    """Whether a sentence without numbers may state a rule between choices."""
    return _RULE.search(words) is not None


def read_rule(words: str, telling: Telling) -> tuple[Statement, ...] | None:
    """The statements that the words settle; None if they leave something open.

    Args:
        words: a sentence without numbers.
        telling: the decisions, each with the words that tell it apart.
    """
    plain = _REASON.sub("", words)
    if (match := _ONLY_IF.match(plain)) or (match := _IF_THEN.search(plain)):
        return _implied(match["condition"], match["consequence"], telling)
    named = mentioned_in_order(plain, telling)
    if _NEVER_BOTH.search(plain) and len(named) == 2:
        return (Implication(named[0], named[1], excludes=True),)
    if _SURE.search(plain) and not _OR.search(plain):
        return _for_sure(words, telling)
    return None


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of a sentence with numbers: on which decision, and how many numbers it takes.

    `numbers` is 0 for "if chairs are made at all", 1 for "if more than 10 chairs are made".
    """

    name: str
    numbers: int


def condition_of(words: str, slots: Sequence[Slot], telling: Telling) -> Condition | None:
    """The condition on the plan under which the limits of a sentence hold, if there is one.

    "If each chair takes 3 hours" is data, and "if there are 500 kg" is known beforehand: a
    condition on the plan names one decision, and what follows from it holds a limit.
    """
    match = _CONDITION.match(words) or _ONLY_IF.match(words)
    if match is None or any(slot.per_unit for slot in slots):
        return None
    place, numbers = 0, 0
    for slot in slots:
        place = words.find(slot.quantity.text, place)
        numbers += match.start("condition") <= place < match.end("condition")
        place += len(slot.quantity.text)
    named = mentioned_in_order(match["condition"], telling)
    limited = any(slot.side for slot in slots[numbers:]) or numbers == len(slots)
    if len(named) != 1 or numbers > 1 or not limited:
        return None
    return Condition(named[0], numbers)


def offers_two(words: str, slots: Sequence[Slot]) -> bool:
    """Whether two limits are alternatives: "either at least 20 chairs or at least 10 tables"."""
    sided = len(slots) == 2 and all(slot.side for slot in slots)
    return sided and _EITHER_OR.search(words) is not None


def _implied(condition: str, consequence: str, telling: Telling) -> tuple[Statement, ...] | None:
    first, then = mentioned_in_order(condition, telling), mentioned_in_order(consequence, telling)
    if len(first) != 1 or not then or first[0] in then:
        return None
    if len(then) > 1 and _OR.search(consequence):
        return None
    lacking, excluding = (_NOT.search(part) is not None for part in (condition, consequence))
    return tuple(_rule(first[0], other, lacking, excluding) for other in then)


def _rule(first: str, then: str, lacking: bool, excluding: bool) -> Statement:
    if not lacking:
        return Implication(first, then, excludes=excluding)
    if excluding:  # without the first there is no second: the second needs the first
        return Implication(then, first, excludes=False)
    return Limit(Compare((">=",), (Add((Name(first), Name(then))), Num(1.0))))


def _for_sure(words: str, telling: Telling) -> tuple[Statement, ...] | None:
    # "Bob is the youngest, so they will definitely take him": the name may stand in the reason.
    said = _SO.sub("", words)
    named = mentioned_in_order(said, telling) or mentioned_in_order(words, telling)
    if not named or (len(named) > 1 and not mentioned_in_order(said, telling)):
        return None
    if _NOT.search(said):
        return tuple(Limit(Compare(("<=",), (Name(name), Num(0.0)))) for name in named)
    return tuple(Limit(Compare((">=",), (Name(name), Num(1.0)))) for name in named)
