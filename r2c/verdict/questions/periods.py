"""Limits of a plan for several weeks that do not say whether they hold for each week or in all.

They are found where the text plans for a number of periods and the sentence of the limit names
none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import ReplaceEdit
from r2c.cir.expr import Num
from r2c.cir.schema import CIR
from r2c.cir.write import number
from r2c.problem.schema import Problem, Quantity
from r2c.verdict.questions.doubt import CAUTIOUS, Doubt
from r2c.verdict.questions.named import question_id
from r2c.verdict.questions.plain_limits import PlainLimit, plain_limits
from r2c.verdict.questions.told_twice import text_of
from r2c.verdict.sources import Drawn

_HORIZON = re.compile(
    r"\b(?:next|coming|following|whole|for|over)\s+(?:the\s+)?(?:next\s+|coming\s+)?(?P<n>\w+)[\s-]+"
    r"(?P<period>day|week|month|quarter|year)s\b",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\b(?:per|an?|each|every|any|one|that|this|the\s+(?:whole|entire|first|second|last))\s+"
    r"(?:day|week|month|quarter|year|period|shift)\b|\b(?:daily|weekly|monthly|quarterly|yearly"
    r"|annual(?:ly)?|in\s+total|in\s+all|total|altogether|overall|together|all\s+\w+\s+"
    r"(?:days|weeks|months|quarters|years)|over\s+the|during\s+the|throughout|for\s+the\s+whole)\b",
    re.IGNORECASE,
)


def periods(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Doubt]:
    """The limits whose period the words leave open; a model over periods says it by its sets."""
    if any(item.kind in ("time", "ordered") for item in cir.sets):
        return
    horizon = _horizon(problem)
    if horizon is None:
        return
    count, period, stated = horizon
    for limit in plain_limits(cir):
        if limit.value is None or limit.rule.forall is not None:
            continue
        for said in _numbers(limit, problem):
            words = text_of(problem, said.sentence)
            if said.sentence == stated or _SETTLED.search(words) or _HORIZON.search(words):
                continue
            if _is_time(said, period):
                continue
            if limit.value in (said.value, said.value * count):
                yield _doubt(limit, said, count, period, words)


def _horizon(problem: Problem) -> tuple[float, str, int] | None:
    """How many periods the plan is for, what they are called, and the sentence that says so."""
    for sentence in problem.sentences:
        for match in _HORIZON.finditer(sentence.text):
            at = sentence.span.start + match.start("n")
            for item in problem.quantities:
                if item.span.start == at and item.value >= 2 and item.value.is_integer():
                    return item.value, match["period"].lower(), sentence.number
    return None


def _numbers(limit: PlainLimit, problem: Problem) -> Iterator[Quantity]:
    span = limit.rule.span
    quote = " ".join(limit.rule.quote.split())
    for item in problem.quantities:
        if span is not None:
            inside = span.overlaps(item.span)
        else:
            inside = bool(quote) and quote in text_of(problem, item.sentence)
        if inside:
            yield item


def _is_time(said: Quantity, period: str) -> bool:
    return said.unit is not None and said.unit.lower().rstrip("s") == period


def _doubt(limit: PlainLimit, said: Quantity, count: float, period: str, words: str) -> Doubt:
    in_all, each = said.value, said.value * count
    span = limit.rule.span

    def to(value: float) -> tuple[ReplaceEdit, ...]:
        if value == limit.value:
            return ()
        return (
            ReplaceEdit(of="rule", owner=limit.rule.id, span=span, old=limit.bound, new=Num(value)),
        )

    asked = Asked(
        id=question_id("period", f"s{said.sentence}", number(said.value)),
        text=f"Does {said.text}{f' {said.unit}' if said.unit else ''} in sentence "
        f"{said.sentence} hold for each {period} or for all {number(count)} {period}s together? "
        f"It says “{words}”.",
        kind="choice",
        options=(
            Option(
                value="in_all",
                meaning=f"{number(in_all)} for all {number(count)} {period}s together",
                edits=to(in_all),
            ),
            Option(
                value=f"each_{period}",
                meaning=f"{number(said.value)} for each {period}, {number(each)} in all",
                edits=to(each),
            ),
        ),
        reason=CAUTIOUS,
        quotes=(words,),
        about=limit.rule.id,
    )
    return Doubt(asked, "cautious")
