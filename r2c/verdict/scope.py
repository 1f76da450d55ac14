"""For each or for all together: the loops of a rule, held against the nouns of its words.

"The glaze used for all goods in all weeks" is one total; a row for each good is another rule. A
noun in the singular ("each week", "that plant") tells that a rule holds one by one, one that only
comes in the plural with "all" or "together" that it is about the sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.cir.check_quotes import words_of
from r2c.cir.expr import Fold, Name, walk
from r2c.cir.nouns import singular, spaced
from r2c.cir.schema import CIR, Rule
from r2c.formulation import Evidence
from r2c.problem.schema import Problem

NAME = "scope"
_TOTAL = r"(?:all|total|together|altogether|combined|sum|overall|over\s+all)"
_EACH = (
    r"\ball\s+(?:the\s+)?{many}\s+(?:must|have|can|cannot|may|should|shall|are|need)\b"
    r"|^\W*in\s+all\s+{many}\b"
)
"""All, one by one: "all trucks must carry", "in all weeks, overtime is"."""


@dataclass(frozen=True)
class _Nouns:
    """How a set is spoken of: one member, many members, members by their own names."""

    one: re.Pattern[str]
    many: re.Pattern[str]
    members: re.Pattern[str] | None

    def single(self, words: str) -> bool:
        """Whether words speak of one member at a time."""
        return bool(self.one.search(words) or (self.members and self.members.search(words)))


def scope(problem: Problem, cir: CIR) -> Evidence:
    """Whether rules hold one by one, or for a total, as their words say."""
    found = dict(conflicts(problem, cir))
    if not cir.sets:
        return Evidence(
            check=NAME, passed=None, message="Nothing is said for each member of a set."
        )
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or "No rule is for each where its words mean all together, or the other way round.",
        rules=tuple(found),
    )


def conflicts(problem: Problem, cir: CIR) -> Iterator[tuple[str, str]]:
    """Rules with what is wrong about their loops."""
    nouns = {name: said for name, said in _nouns(cir) if said.many.search(problem.text)}
    for rule in cir.rules:
        span = words_of(rule, problem)
        words = problem.quote(span) if span is not None else rule.quote
        if not words.strip():
            continue
        told = _too_often(rule, words, nouns) or _too_seldom(rule, words, nouns)
        if told:
            yield rule.id, told


def _too_often(rule: Rule, words: str, nouns: Mapping[str, _Nouns]) -> str | None:
    looped = [name for name in _looped(rule) if name in nouns]
    for name in looped:
        said = nouns[name]
        if said.single(words):
            continue
        if re.search(_EACH.format(many=said.many.pattern), words, re.IGNORECASE):
            continue
        others = any(nouns[other].single(words) for other in looped if other != name)
        total = re.search(rf"\b{_TOTAL}\b", words, re.IGNORECASE)
        if (said.many.search(words) and total) or (
            others and said.many.search(words) and _sums_nothing(rule)
        ):
            return (
                f"The rule {rule.id!r} holds for each of {name!r} by itself; its words speak of "
                "them together."
            )
    return None


def _too_seldom(rule: Rule, words: str, nouns: Mapping[str, _Nouns]) -> str | None:
    if rule.forall is not None:
        return None
    summed = {
        loop.domain.id
        for expr in rule.operands.values()
        for node in walk(expr)
        if isinstance(node, Fold) and node.op == "sum"
        for loop in node.binder.loops
        if isinstance(loop.domain, Name)
    }
    for name in sorted(summed & set(nouns)):
        each = re.compile(rf"\b(?:each|every|per)\s+(?:{nouns[name].one.pattern})", re.IGNORECASE)
        total = re.search(rf"\b{_TOTAL}\b", words, re.IGNORECASE)
        if each.match(words.strip()[:40].removeprefix("For ").removeprefix("In ")) and not total:
            return f"The rule {rule.id!r} sums over {name!r}; its words are about each of them."
    return None


def _sums_nothing(rule: Rule) -> bool:
    return not any(isinstance(node, Fold) for expr in rule.operands.values() for node in walk(expr))


def _looped(rule: Rule) -> list[str]:
    if rule.forall is None or rule.forall.where is not None:
        return []
    return [loop.domain.id for loop in rule.forall.loops if isinstance(loop.domain, Name)]


def _nouns(cir: CIR) -> Iterator[tuple[str, _Nouns]]:
    for item in cir.sets:
        many = spaced(item.name)
        one = singular(many)
        if one is None or item.dim > 1:
            continue
        labels = [label for label in item.elements or () if isinstance(label, str)]
        members = "|".join(re.escape(label) for label in labels)
        yield (
            item.name,
            _Nouns(
                re.compile(
                    rf"\b{re.escape(one)}\b|\b(?:those|these|both)\s+{re.escape(many)}\b",
                    re.IGNORECASE,
                ),
                re.compile(rf"\b{re.escape(many)}\b", re.IGNORECASE),
                re.compile(rf"\b(?:{members})\b", re.IGNORECASE) if members else None,
            ),
        )
