"""What the checks have against a formulation: each finding with where it stands, the worst first.

A check gives one piece of evidence for the planner. Whoever wants to mend a formulation needs the
single things: which sentence, which rule, which number, and how much it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.literals import unexplained
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.problem.schema import Problem
from r2c.verdict.degenerate import unused_symbols
from r2c.verdict.direction import direction_conflicts
from r2c.verdict.logic import lost_logic
from r2c.verdict.misplaced import misplaced
from r2c.verdict.named_limits import named_limits
from r2c.verdict.number_coverage import number_use
from r2c.verdict.rank import Weights
from r2c.verdict.sentence_coverage import uncovered
from r2c.verdict.sources import Drawn, drawn

About = Literal["sentence", "objective", "decisions"]
_WEIGHTS = Weights()


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against a formulation.

    `sentences` are the numbers of those that it is about, `rules` the ids of the rules, `unused`
    the values that are lost; `cost` is what it counts, in votes, as in `r2c.verdict.rank`.
    """

    check: str
    message: str
    cost: float
    sentences: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    about: About = "sentence"
    unused: tuple[float, ...] = ()


def findings(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> tuple[Finding, ...]:
    """All that the checks of words and numbers have against a model, the worst first.

    Args:
        problem: The text and tables.
        cir: The model.
        library: The cards.
    """
    source = drawn(cir, problem)
    found = [
        *_turned(problem, cir, library, source),
        *_numbers(problem, cir, source),
        *_lost(problem, cir, library, source),
        *_misplaced(problem, cir, library, source),
        *_unused(cir),
    ]
    return tuple(sorted(found, key=lambda item: -item.cost))


def sentences_of(rules: Iterable[str], problem: Problem, cir: CIR) -> tuple[int, ...]:
    """The numbers of the sentences that rules come from, in the order of the rules."""
    by_name = {owner.name: owner for owner in owners(cir) if owner.kind == "rule"}
    held = (_sentences(by_name[name], problem) for name in rules if name in by_name)
    return tuple(dict.fromkeys(place for places in held for place in places))


def _turned(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn
) -> Iterator[Finding]:
    for item in direction_conflicts(problem, cir, library, source)[0]:
        rules = (item.rule,) if item.rule else ()
        yield Finding(
            check="direction",
            message=item.message,
            cost=_WEIGHTS.direction_conflict,
            sentences=sentences_of(rules, problem, cir),
            rules=rules,
            about="sentence" if rules else "objective",
        )
    turned = named_limits(problem, cir, library)
    if turned.passed is False:
        places = sentences_of(turned.rules, problem, cir)
        yield Finding("named_limits", turned.message, _WEIGHTS.misplaced, places, turned.rules)


def _numbers(problem: Problem, cir: CIR, source: Drawn) -> Iterator[Finding]:
    use = number_use(problem, cir, source)
    for place, group in groupby(use.unused, key=lambda item: item.sentence):
        lost = list(group)
        told = " and ".join(item.text for item in lost)
        yield Finding(
            check="number_coverage",
            message=f"The model does not use {told} of this sentence.",
            cost=_WEIGHTS.unused_number * len(lost),
            sentences=(place,),
            unused=tuple(item.value for item in lost),
        )
    invented = unexplained(source.traced) if use.invented else ()
    for name, pairs in groupby(invented, key=lambda pair: str(pair[0])):
        held = list(pairs)
        owner = held[0][0]
        told = ", ".join(dict.fromkeys(number(item.value) for _, item in held))
        yield _of_owner(
            owner,
            problem,
            f"The problem does not say {told}, which stands in the {name}.",
            _WEIGHTS.invented_number * len(held),
        )
    by_name = {str(owner): owner for owner in owners(cir)}
    for name, value in use.borrowed:
        message = f"The problem says {number(value)} of something else than the {name}."
        if name in by_name:
            yield _of_owner(by_name[name], problem, message, _WEIGHTS.borrowed_number)


def _of_owner(
    owner: Owner, problem: Problem, message: str, cost: float, check: str = "number_coverage"
) -> Finding:
    return Finding(
        check=check,
        message=message,
        cost=cost,
        sentences=_sentences(owner, problem),
        rules=(owner.name,) if owner.kind == "rule" else (),
        about="objective" if owner.kind == "objective" else "sentence",
    )


def _lost(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn
) -> Iterator[Finding]:
    for sentence in uncovered(problem, cir, source):
        yield Finding(
            check="sentence_coverage",
            message="No rule of the model comes from this sentence.",
            cost=_WEIGHTS.uncovered_sentence,
            sentences=(sentence.number,),
        )
    for item in lost_logic(problem, cir, library, source):
        yield Finding(
            check="logic",
            message=f"No rule says the condition or choice in '{item.words}'.",
            cost=_WEIGHTS.lost_logic,
            sentences=(item.sentence.number,),
        )


def _misplaced(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn
) -> Iterator[Finding]:
    by_name = {owner.name: owner for owner in owners(cir)}
    for item in misplaced(problem, cir, library, source):
        owner = by_name[item.owner]
        yield _of_owner(owner, problem, item.message, _WEIGHTS.misplaced, item.check)


def _unused(cir: CIR) -> Iterator[Finding]:
    decisions, _ = unused_symbols(cir)
    for name in decisions:
        yield Finding(
            check="degenerate",
            message=f"No rule and no goal uses the decision {name!r}.",
            cost=_WEIGHTS.unused_symbol,
            about="decisions",
        )


def _sentences(owner: Owner, problem: Problem) -> tuple[int, ...]:
    span = words_of(owner, problem)
    if span is None:
        return ()
    return tuple(item.number for item in problem.sentences if item.span.overlaps(span))
