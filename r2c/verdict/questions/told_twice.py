"""One quantity told twice with different numbers, in two sentences of the text.

Either both became rules, so that one of them never counts, or the model uses one number and leaves
the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import DropRuleEdit, ReplaceEdit
from r2c.cir.expr import Num
from r2c.cir.occurrences import occurrences, source_of
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, Rule
from r2c.cir.write import number
from r2c.problem.schema import Problem, Quantity, Span
from r2c.problem.vocabulary import FUNCTION_WORDS
from r2c.verdict.logic_words import stems_of
from r2c.verdict.number_coverage import number_use
from r2c.verdict.questions.doubt import CAUTIOUS, Doubt
from r2c.verdict.questions.named import question_id
from r2c.verdict.questions.plain_limits import PlainLimit, plain_limits
from r2c.verdict.said import limits_said
from r2c.verdict.sources import Drawn

_SHARED = 0.5
"""Two sentences that share more than this of the words of the shorter speak of one thing."""
_SPEAKS_OF_BEFORE = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|one|each)\b", re.I
)


def told_twice(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Doubt]:
    """The quantities that two sentences of the problem tell differently."""
    yield from _of_rules(problem, cir)
    yield from _of_numbers(problem, cir, used)


def _of_rules(problem: Problem, cir: CIR) -> Iterator[Doubt]:
    """Two limits on one amount from the same side, of which the tighter alone counts."""
    for first, second in combinations(plain_limits(cir), 2):
        if first.value is None or second.value is None or first.value == second.value:
            continue
        same = (first.op, first.rule.forall) == (second.op, second.rule.forall)
        if not same or first.meant != second.meant:
            continue
        one, other = _sentence(first.rule, problem), _sentence(second.rule, problem)
        if one is None or other is None or one == other:
            continue
        if is_one_thing(problem, one, other, cir):
            yield _between(problem, first, one, second, other)


def _between(
    problem: Problem, first: PlainLimit, one: int, second: PlainLimit, other: int
) -> Doubt:
    assert first.value is not None and second.value is not None
    options = tuple(
        Option(
            value=number(kept.value or 0.0),
            meaning=f"{number(kept.value or 0.0)} holds, as sentence {place} says",
            edits=(DropRuleEdit(rule=left.rule.id, span=left.rule.span),),
        )
        for kept, place, left in ((first, one, second), (second, other, first))
    )
    return Doubt(_asked(problem, one, other, options, first.rule.id), "cautious")


def _of_numbers(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Doubt]:
    """A number that the model leaves out beside one like it that it uses."""
    unused = number_use(problem, cir, used).unused
    sides = {item.quantity: item.direction for item in limits_said(problem)} if unused else {}
    for left in unused:
        for said in problem.quantities:
            if not _rivals(said, left) or not _used(said, used):
                continue
            if {sides.get(said), sides.get(left)} == {"least", "most"}:
                continue  # a minimum and a maximum do not contradict each other
            if not is_one_thing(problem, said.sentence, left.sentence, cir):
                continue
            edits = _replacing(said, left, used)
            if edits:
                yield _of_number(problem, said, left, edits)


def _rivals(said: Quantity, left: Quantity) -> bool:
    return (
        said.sentence != left.sentence
        and said.value != left.value
        and said.kind == left.kind
        and (said.unit or "").rstrip("s") == (left.unit or "").rstrip("s")
    )


def _used(said: Quantity, used: Drawn) -> bool:
    return any(span.overlaps(said.span) for span in used.spans)


def _replacing(said: Quantity, left: Quantity, used: Drawn) -> tuple[ReplaceEdit, ...]:
    """The number that is said, replaced wherever the model writes it."""
    found: dict[ReplaceEdit, None] = {}
    for owner in owners(used.traced):
        for item in occurrences(owner):
            source = source_of(owner, item)
            if source is None or source.kind != "text" or item.value != said.value:
                continue
            if any(span.overlaps(said.span) for span in source.spans):
                edit = ReplaceEdit(
                    of=owner.kind,
                    owner=owner.name,
                    span=owner.span,
                    old=Num(item.value),
                    new=Num(left.value),
                )
                found[edit] = None
    return tuple(found)


def _of_number(
    problem: Problem, said: Quantity, left: Quantity, edits: tuple[ReplaceEdit, ...]
) -> Doubt:
    options = (
        Option(
            value=number(said.value),
            meaning=f"{said.text} holds, as sentence {said.sentence} says",
        ),
        Option(
            value=number(left.value),
            meaning=f"{left.text} holds, as sentence {left.sentence} says",
            edits=edits,
        ),
    )
    asked = _asked(problem, said.sentence, left.sentence, options, edits[0].owner)
    return Doubt(asked, "cautious")


def _asked(
    problem: Problem, one: int, other: int, options: tuple[Option, ...], about: str
) -> Asked:
    first, second = text_of(problem, one), text_of(problem, other)
    return Asked(
        id=question_id("said_twice", *(f"s{place}" for place in sorted((one, other)))),
        text=f"Which number holds: {options[0].value} or {options[1].value}? Sentence {one} says "
        f"“{first}”, but sentence {other} says “{second}”.",
        kind="choice",
        options=options,
        reason=CAUTIOUS,
        quotes=(first, second),
        about=about,
    )


def is_one_thing(problem: Problem, one: int, other: int, cir: CIR) -> bool:
    """Whether two sentences speak of the same quantity.

    The things that are decided about and the units of the numbers do not say which quantity of
    theirs is meant; of the other words most have to be shared, or all words of the sentences.
    """
    words = text_of(problem, one), text_of(problem, other)
    first, second = map(content, words)
    things = _told_apart(cir)
    if (first ^ second) & things:
        return False
    if first and first == second and not any(map(_SPEAKS_OF_BEFORE.search, words)):
        return True
    units = (item.unit or "" for item in problem.quantities if item.sentence in (one, other))
    beside = things | stems_of(" ".join(units))
    first, second = first - beside, second - beside
    shared = first & second
    return bool(shared) and len(shared) > _SHARED * min(len(first), len(second))


def content(text: str) -> frozenset[str]:
    """The words of a sentence that say what it is about."""
    return frozenset(word for word in stems_of(text) if word not in _EMPTY)


_EMPTY = stems_of(" ".join(FUNCTION_WORDS - {"sold"})) | stems_of(
    "available most least limited exceed because since although only used amount open run runs"
)


def _told_apart(cir: CIR) -> frozenset[str]:
    """Words by which the things that are decided about are told apart."""
    members = [str(member) for item in cir.sets for member in item.elements or ()]
    return stems_of(" ".join((*(item.name.replace("_", " ") for item in cir.decisions), *members)))


def text_of(problem: Problem, sentence: int) -> str:
    """The words of a sentence, on one line; empty if there is none of that number."""
    held = (item.text for item in problem.sentences if item.number == sentence)
    return " ".join(next(held, "").split())


def _sentence(rule: Rule, problem: Problem) -> int | None:
    span = rule.span or _found(rule, problem)
    if span is None:
        return None
    return next((item.number for item in problem.sentences if span.overlaps(item.span)), None)


def _found(rule: Rule, problem: Problem) -> Span | None:
    from r2c.cir.check_quotes import find_quote

    return find_quote(rule.quote, problem)
