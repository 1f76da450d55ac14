"""A percentage of something that has a limit: of the limit, or of what is used of it?

"30% of the budget" may mean the money that there is or the money that is spent. The two differ
where the plan does not use all that there is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import StatedEdit
from r2c.cir.expr import Compare, CompareOp, Div, Expr, Mul, Name, Num, Text
from r2c.cir.normal import normal
from r2c.cir.schema import CIR, Rule
from r2c.cir.write import number
from r2c.problem.schema import Problem, Quantity
from r2c.verdict.questions.doubt import CAUTIOUS, Doubt
from r2c.verdict.questions.named import question_id
from r2c.verdict.questions.plain_limits import LIMITS, PlainLimit, plain_limits
from r2c.verdict.questions.told_twice import content, text_of
from r2c.verdict.sources import Drawn

_OF = re.compile(r"\s*of((?:\s+[\w-]+){1,4})", re.IGNORECASE)
_USED = re.compile(
    r"\b(?:spent|used|planted|made|produced|sold|invested|bought|hired|shipped|grown|baked|run"
    r"|available|total number|what is)\b",
    re.IGNORECASE,
)
_SENSES: dict[str, CompareOp] = {"at_least": ">=", "at_most": "<=", "exactly": "=="}
_SAME = 1e-6


@dataclass(frozen=True)
class _Share:
    """`part op share * whole`; `whole` is None where it is the number of a limit."""

    rule: Rule
    part: Expr
    op: CompareOp
    share: float
    whole: Expr | None
    fixed: float | None


def percent_base(problem: Problem, cir: CIR, used: Drawn) -> Iterator[Doubt]:
    """The shares whose base the words leave open."""
    limits = [item for item in plain_limits(cir) if item.op == "<=" and item.value is not None]
    for rule in cir.rules:
        said = _percent(rule, problem)
        if said is None:
            continue
        words = text_of(problem, said.sentence)
        base = _OF.match(problem.text, said.span.end)
        if base is None or _USED.search(words):
            continue
        share = _share(rule, said, limits)
        for limit in limits:
            if share is None or limit.rule is rule or rule.forall != limit.rule.forall:
                continue
            shared = [word for word in base[1].split() if content(word) & content(limit.rule.quote)]
            if shared and _is_base(share, limit, cir):
                yield _doubt(share, limit, said, words, shared[0])


def _percent(rule: Rule, problem: Problem) -> Quantity | None:
    quote = " ".join(rule.quote.split())
    found = [
        item
        for item in problem.quantities
        if item.kind in ("percent", "fraction")
        and (
            rule.span.overlaps(item.span)
            if rule.span is not None
            else bool(quote) and quote in text_of(problem, item.sentence)
        )
    ]
    return found[0] if len(found) == 1 else None


def _share(rule: Rule, said: Quantity, limits: list[PlainLimit]) -> _Share | None:
    if rule.archetype == "ratio_percentage_share":
        return _of_roles(rule, said)
    relation = _relation(rule)
    if relation is None:
        return None
    left, op, right = relation.args[0], relation.ops[0], relation.args[1]
    if isinstance(right, Num):
        for limit in limits:
            whole = limit.value
            if whole and math.isclose(right.value, said.value * whole, rel_tol=_SAME):
                return _Share(rule, left, op, said.value, None, whole)
        return None
    found = _product(right)
    if found is None or not math.isclose(found[0], said.value, rel_tol=_SAME):
        return None
    fixed = found[1].value if isinstance(found[1], Num) else None
    return _Share(rule, left, op, found[0], None if fixed is not None else found[1], fixed)


def _of_roles(rule: Rule, said: Quantity) -> _Share | None:
    roles = rule.operands
    share, sense = roles.get("share"), roles.get("sense", Text("at_most"))
    if not (
        isinstance(share, Num) and isinstance(sense, Text) and {"part", "whole"} <= roles.keys()
    ):
        return None
    op = _SENSES.get(sense.value)
    if op is None or not math.isclose(share.value, said.value, rel_tol=_SAME):
        return None
    return _Share(rule, roles["part"], op, share.value, roles["whole"], None)


def _product(expr: Expr) -> tuple[float, Expr] | None:
    """`0.3*whole` or `whole/4` as a share and its whole."""
    match expr:
        case Mul((Num(share), whole)):
            return share, whole
        case Div(whole, Num(parts)) if parts:
            return 1 / parts, whole
        case _:
            return None


def _relation(rule: Rule) -> Compare | None:
    found = rule.operands.get("relation")
    if isinstance(found, Compare) and len(found.ops) == 1:
        return found
    amount, bound, op = LIMITS.get(rule.archetype, ("", "", "<="))
    if not {amount, bound} <= rule.operands.keys():
        return None
    return Compare((op,), (rule.operands[amount], rule.operands[bound]))


def _is_base(share: _Share, limit: PlainLimit, cir: CIR) -> bool:
    if share.whole is None:
        return share.fixed == limit.value
    return _spelled(share.whole, cir) == _spelled(limit.amount, cir)


def _spelled(expr: Expr, cir: CIR) -> Expr:
    """The expression with a definition written out, in normal form."""
    if isinstance(expr, Name):
        for item in cir.definitions:
            if item.name == expr.id and item.forall is None:
                return normal(item.expr)
    return normal(expr)


def _doubt(share: _Share, limit: PlainLimit, said: Quantity, words: str, noun: str) -> Doubt:
    assert limit.value is not None
    rule = share.rule

    def of(whole: Expr) -> tuple[StatedEdit, ...]:
        relation = Compare((share.op,), (share.part, Mul((Num(share.share), whole))))
        return (StatedEdit(rule=rule.id, span=rule.span, relation=relation),)

    fixed = share.whole is None
    asked = Asked(
        id=question_id("percent", f"s{said.sentence}", said.text),
        text=f"{said.text} of which {noun} is meant in sentence {said.sentence}, “{words}”: of "
        f"the {number(limit.value)} that there is, or of what the plan uses of it?",
        kind="choice",
        options=(
            Option(
                value="of_limit",
                meaning=f"{said.text} of the {number(limit.value)} that there is, "
                f"{number(round(share.share * limit.value, 9))}",
                edits=() if fixed else of(Num(limit.value)),
            ),
            Option(
                value="of_use",
                meaning=f"{said.text} of what the plan uses",
                edits=of(limit.amount) if fixed else (),
            ),
        ),
        reason=CAUTIOUS,
        quotes=(words,),
        about=rule.id,
    )
    return Doubt(asked, "cautious")
