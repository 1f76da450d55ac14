"""Conditions and comparisons the wrong way round, told by where their sentence names things.

"If cars are made, so are trains" with trains as the condition; "more vans than trucks" as a rule
that keeps the vans below the trucks.
"""

from __future__ import annotations

import re

from r2c.cir.expr import Compare, Name, symbols
from r2c.cir.schema import Rule
from r2c.problem.schema import Sentence
from r2c.verdict.things import Things

_IF_THEN = "if_then_implication"
_IF = re.compile(
    r"\W*(?:\w+\W+){0,3}?if\b(?P<condition>[^,]*),(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_RATIO = "ratio_percentage_share"
_TIMES = re.compile(r"\b(?:times|twice|thrice|double)\b(?P<rest>[^.;]*)", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?P<not>(?:not|no|never|cannot|\w+n['’]t)\b[^.;,]{0,40}?)?"
    r"\b(?:(?P<more>more|larger|greater|higher)|(?P<less>less|fewer|smaller|lower))\b"
    r"(?P<first>[^.;]*?)\bthan\b(?P<second>[^.;]*)",
    re.IGNORECASE,
)


def turned(rule: Rule, sentence: Sentence, things: Things) -> str | None:
    """What speaks against the order in which a rule has two things; None if nothing does."""
    words = " ".join(sentence.text.split())
    if rule.archetype == _IF_THEN:
        return _condition(rule, words, things)
    if rule.archetype == _RATIO:
        return _multiple(rule, words, things)
    relation = rule.operands.get("relation")
    if isinstance(relation, Compare) and len(relation.args) == 2:
        return _comparison(rule, relation, words, things)
    return None


def _condition(rule: Rule, words: str, things: Things) -> str | None:
    found = _IF.fullmatch(words)
    if found is None or not {"condition", "consequence"} <= rule.operands.keys():
        return None
    condition, consequence = (symbols(rule.operands[it]) for it in ("condition", "consequence"))
    first = set(things.in_order(found["condition"]))
    second = set(things.in_order(found["rest"])) - first
    if first and second and condition and condition <= second and consequence <= first:
        told = " and ".join(map(repr, sorted(first)))
        return f"The words make {told} the condition, the rule {rule.id!r} the consequence."
    return None


def _multiple(rule: Rule, words: str, things: Things) -> str | None:
    """Of "twice as many jars as tins": the rule with the tins as the part."""
    found = _TIMES.search(words)
    part, whole = (rule.operands.get(role) for role in ("part", "whole"))
    if found is None or not isinstance(part, Name) or not isinstance(whole, Name):
        return None
    named = things.in_order(found["rest"])[:2]
    if not named or not set(named) <= {part.id, whole.id} or part.id == whole.id:
        return None
    if named[-1] == whole.id:  # "twice the number of trains" names the whole alone
        return None
    return f"The words measure by {named[-1]!r}, the rule {rule.id!r} by {whole.id!r}."


def _comparison(rule: Rule, relation: Compare, words: str, things: Things) -> str | None:
    found = _THAN.search(words)
    sides = [symbols(side) for side in relation.args]
    if found is None or any(len(side) != 1 for side in sides) or relation.ops[0] not in _BELOW:
        return None
    ahead = things.in_order(words[: found.start("second")])
    behind = things.in_order(found["second"])
    (left,), (right,) = sides
    if not ahead or not behind or {ahead[-1], behind[0]} != {left, right}:
        return None
    wants_more = bool(found["more"]) != bool(found["not"])
    larger = right if _BELOW[relation.ops[0]] else left
    if (larger == ahead[-1]) == wants_more:
        return None
    told = f"{'more' if wants_more else 'fewer'} of {ahead[-1]!r} than of {behind[0]!r}"
    return f"The words want {told}, the rule {rule.id!r} does not."


_BELOW = {"<=": True, "<": True, ">=": False, ">": False}
