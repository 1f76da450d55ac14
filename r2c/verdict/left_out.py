"""Limits on a sum of some decisions, where the words name none of them and so mean all.

"They take at most 4 children" over four of six children runs well and asks for something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from r2c.cir.check_quotes import words_of
from r2c.cir.expr import Add, Expr, Name, Num, Seq
from r2c.cir.schema import CIR, Rule
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.logic_words import stems_of
from r2c.verdict.wording import counted

NAME = "left_out"
_TOLD = 6
_NUMBER = re.compile(r"\d[\d.,]*")
_GENERAL = stems_of(
    "most least total more less fewer than all must can cannot may not over exceed exceeds exactly "
    "together number limit limits limited maximum minimum they them these those there are and the "
    "for take takes have has only with our you should need needs will that this altogether "
    "one two three four five six seven eight nine ten units"
)
"""Words that name no kind of thing."""


def left_out(problem: Problem, cir: CIR) -> Evidence:
    """Whether sums of decisions that the words do not name are sums of all."""
    found = dict(conflicts(problem, cir))
    sums = sum(_summed(rule) is not None for rule in cir.rules)
    sums += sum(_plain_sum(goal.expr) is not None for goal in cir.objectives)
    rules = {rule.id for rule in cir.rules}
    return Evidence(
        check=NAME,
        passed=not found if sums else None,
        message=" ".join(found.values())
        or (f"In {counted(sums, 'sum')} of decisions none is left out." if sums else "No sums."),
        rules=tuple(owner for owner in found if owner in rules),
    )


def conflicts(problem: Problem, cir: CIR) -> Iterator[tuple[str, str]]:
    """Rules and goals with the decisions that are missing from their sums."""
    decisions = [item for item in cir.decisions if not item.over]
    said = {
        item.name: _words(f"{item.name.replace('_', ' ').upper()} {item.meaning}")
        for item in decisions
    }
    shared = frozenset.intersection(*said.values()) if len(said) > 1 else frozenset[str]()
    telling = {name: own - shared for name, own in said.items()}
    yield from _of_goals(cir, telling, shared)
    for rule in cir.rules:
        summed = _summed(rule)
        if summed is None or not summed < said.keys():
            continue
        span = words_of(rule, problem)
        words = _words(problem.quote(span) if span is not None else rule.quote)
        if not words or any(own & words or not own for own in telling.values()):
            continue
        missing = [item.name for item in decisions if item.name not in summed]
        if _names_a_kind(rule.quote, summed, missing, telling, shared, problem):
            continue  # "fruit" where only apples and pears are summed
        told = ", ".join(map(repr, missing[:_TOLD])) + (" ..." if len(missing) > _TOLD else "")
        yield (
            rule.id,
            f"The words of the rule {rule.id!r} name no decision, and its sum leaves out {told}.",
        )


def _of_goals(
    cir: CIR, telling: Mapping[str, frozenset[str]], shared: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Goals that count some of what their words count all of: "the total number of grills"."""
    for place, goal in enumerate(cir.objectives, start=1):
        summed, words = _plain_sum(goal.expr), _words(goal.quote)
        if summed is None or not summed < telling.keys() or not words & shared:
            continue
        if all(own and not own & words for own in telling.values()):
            told = ", ".join(repr(name) for name in telling if name not in summed)
            yield str(place), f"The words of the goal name no decision, and it leaves out {told}."


def _names_a_kind(
    quote: str,
    summed: Collection[str],
    missing: Collection[str],
    telling: Mapping[str, frozenset[str]],
    shared: frozenset[str],
    problem: Problem,
) -> bool:
    """Whether the words after the number name a kind of thing that need not be all of them.

    It is told by a sentence that names those in the sum and no other, or nowhere else and not of
    people or places, whose names are no common nouns.
    """
    kind = _words(_NUMBER.split(quote)[-1]) - _GENERAL
    if not kind or kind & shared:
        return False
    own = " ".join(quote.split())
    others = [
        said
        for item in problem.sentences
        if own not in " ".join(item.text.split()) and kind & (said := _words(item.text))
    ]
    plain = any(word in problem.text for name in summed for word in name.split("_"))
    return (plain and not others) or any(
        all(telling[name] & said for name in summed)
        and not any(telling[name] & said for name in missing)
        for said in others
    )


def _words(text: str) -> frozenset[str]:
    """The words that may tell decisions apart, the letter of "candidate B" and numbers too."""
    short = re.findall(r"\b(?:[A-Z]|\d+)\b", text)
    return stems_of(text) | {word.lower() for word in short}


def _summed(rule: Rule) -> frozenset[str] | None:
    """The decisions whose plain sum, or number, a rule limits by a number."""
    held = [expr for expr in rule.operands.values() if not isinstance(expr, Num)]
    if len(held) != 1 or len(rule.operands) < 2:
        return None
    return None if isinstance(held[0], Name) else _plain_sum(held[0])


def _plain_sum(expr: Expr) -> frozenset[str] | None:
    """The decisions that are added up as they are."""
    match expr:
        case Name(name):
            return frozenset((name,))
        case Add(terms) | Seq(terms):
            names = [term.id for term in terms if isinstance(term, Name)]
            return frozenset(names) if len(names) == len(terms) else None
        case _:
            return None
