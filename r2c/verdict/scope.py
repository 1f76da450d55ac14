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
from r2c.cir.expr import Compare, Expr, Fold, Name, symbols, walk
from r2c.cir.nouns import singular, spaced
from r2c.cir.schema import CIR, Rule
from r2c.cir.scope import decided
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.logic_words import stems_of

NAME = "scope"
_TOTAL = r"(?:all|total|together|altogether|combined|sum|overall|over\s+all)"
_SURE_TOTAL = r"(?:total|together|altogether|combined|sum|overall)"
_EACH = (
    r"(?<!\bof\s)(?<!\bover\s)\ball\s+(?:the\s+)?{many}\s+(?:must|have|can|cannot|may|should|shall|are|need)\b"
    r"|^\W*in\s+all\s+{many}\b"
)
"""All, one by one: "all trucks must carry", "in all weeks, overtime is"."""
_ONE_BY_ONE = re.compile(
    r"\b(?:each|every|everyone|any|anyone|per|whichever|whatever|wherever|whenever|always|either"
    r"|both|its|their|respective(?:ly)?|\w+ly|these|those|(?:at|for|from|in|of|on|to)\s+th(?:is|at))\b",
    re.IGNORECASE,
)
"""Words that may mean members one by one without naming them."""
_ALL_TOGETHER = re.compile(
    r"\ball\s+(?:the\s+|our\s+)?([a-z-]+s)\s+(?:put\s+|taken\s+)?together\b", re.IGNORECASE
)
_EACH_THING = re.compile(r"\b(?:each|every|per)\s+((?:[\w-]+\s*){1,3})", re.IGNORECASE)


@dataclass(frozen=True)
class _Nouns:
    """How a set is spoken of: one member, many members, members by their own names."""

    one: re.Pattern[str]
    many: re.Pattern[str]
    members: re.Pattern[str] | None
    ordered: bool = False

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
    nouns = {
        name: said
        for name, said in _nouns(cir)
        if said.many.search(problem.text) or said.one.search(problem.text)
    }
    decisions = decided(cir)
    names = stems_of(" ".join((*decisions, *(item.name for item in cir.parameters))))
    for rule in cir.rules:
        span = words_of(rule, problem)
        words = problem.quote(span) if span is not None else rule.quote
        if not words.strip():
            continue
        told = (
            _too_often(rule, words, nouns)
            or _unspoken(rule, words, nouns, decisions, names)
            or _by_another_name(rule, words, nouns)
            or _too_seldom(rule, words, nouns)
        )
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
        told = _TOTAL if rule.forall is None or rule.forall.where is None else _SURE_TOTAL
        total = re.search(rf"\b{told}\b", words, re.IGNORECASE)
        if (said.many.search(words) and total) or (
            others and said.many.search(words) and _sums_nothing(rule)
        ):
            return (
                f"The rule {rule.id!r} holds for each of {name!r} by itself; its words speak of "
                "them together."
            )
    return None


def _unspoken(
    rule: Rule,
    words: str,
    nouns: Mapping[str, _Nouns],
    decisions: frozenset[str],
    names: frozenset[str],
) -> str | None:
    """A row for each member of a set that the words do not speak of, against one limit."""
    looped = _looped(rule)
    spoken = [said for said in nouns.values() if said.single(words) or said.many.search(words)]
    plain = words
    for said in spoken:
        plain = re.sub(rf"\b\w+\s+(?:{said.one.pattern})", " ", plain, flags=re.IGNORECASE)
    plain = _EACH_THING.sub(lambda found: " " if stems_of(found[1]) & names else found[0], plain)
    if _ONE_BY_ONE.search(plain):
        return None
    for loop in rule.forall.loops if looped and rule.forall is not None else ():
        name = loop.domain.id if isinstance(loop.domain, Name) else ""
        if name not in nouns or nouns[name] in spoken or nouns[name].ordered:
            continue  # what holds at all times need not name them
        apart = frozenset(loop.targets)
        used = [symbols(side) for side in _compared(rule)]
        shared = any(not names & apart for names in used)
        if shared and not any(names & apart for names in used if not names & decisions):
            return (
                f"The rule {rule.id!r} holds for each of {name!r} by itself; its words do not "
                "speak of them."
            )
    return None


def _by_another_name(rule: Rule, words: str, nouns: Mapping[str, _Nouns]) -> str | None:
    """A row for each member of a set that the text calls otherwise, where all count together.

    "The kiln time of all goods together in each week" has one row a week.
    """
    total = _ALL_TOGETHER.search(words)
    if total is None or any(said.many.search(total[0]) for said in nouns.values()):
        return None
    each = (found[1] for found in _EACH_THING.finditer(words))
    if not all(any(said.one.search(thing) for said in nouns.values()) for thing in each):
        return None
    for name in _looped(rule):
        if name not in nouns and name.lower() not in words.lower():
            return (
                f"The rule {rule.id!r} holds for each of {name!r} by itself; its words speak of "
                f"'{total[0]}'."
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


def _compared(rule: Rule) -> Iterator[Expr]:
    """What a rule holds against each other."""
    for expr in rule.operands.values():
        yield from expr.args if isinstance(expr, Compare) else (expr,)


def _sums_nothing(rule: Rule) -> bool:
    return not any(isinstance(node, Fold) for expr in rule.operands.values() for node in walk(expr))


def _looped(rule: Rule) -> list[str]:
    if rule.forall is None:
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
                item.kind in ("ordered", "time"),
            ),
        )
