"""Sums of money held against sums of money, where the problem marks its money.

Where amounts of money carry their currency ("price of an ad (€)", "€4,870"), a number without one
is no money. A row that keeps 9 slots an ad below €4,870 took one column for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from r2c.archetypes.card import Card
from r2c.cir.expr import Add, And, Compare, Div, Each, Expr, Fold, Item, Mul, Name, Neg, Num
from r2c.cir.occurrences import STRUCTURAL, Occurrence, source_of
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR, Parameter, TableValues, WideValues
from r2c.formulation import Evidence
from r2c.model.reformulate import draft_rules
from r2c.problem.schema import Problem, Span
from r2c.verdict.sources import Drawn, drawn
from r2c.verdict.wording import counted

NAME = "money"
_SIGN = re.compile(
    r"[$€£¥]|\b(?:dollars?|euros?|cents?|pounds?\s+sterling|usd|eur|gbp)\b", re.IGNORECASE
)
_PER_SUM = re.compile(r"\bper\s+(?:\w+\s+)?(?:[$€£¥]|dollars?|euros?)\s*", re.IGNORECASE)
"""Points per thousand euros are no money."""
_DECIDED = re.compile(
    r"\b(?:money|cash|grants?|loans?|borrow\w*|invest\w*|savings|debts?|pay\w*|bills?|costs?"
    r"|revenues?|profits?|budgets?|[$€£¥]|dollars?|euros?)\b",
    re.IGNORECASE,
)


def money(
    problem: Problem, cir: CIR, library: Mapping[str, Card], source: Drawn | None = None
) -> Evidence:
    """Whether money is added to and compared with money only."""
    if not _SIGN.search(problem.text):
        return Evidence(check=NAME, passed=None, message="The problem marks no sums of money.")
    found, compared = conflicts(problem, (source or drawn(cir, problem)).traced, library)
    if not compared:
        return Evidence(check=NAME, passed=None, message="No limit is known to be about money.")
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or f"In {counted(compared, 'row')} money meets money only, as far as it is marked.",
        rules=tuple(found),
    )


def conflicts(
    problem: Problem, traced: CIR, library: Mapping[str, Card]
) -> tuple[dict[str, str], int]:
    """What is wrong, by rule, and in how many rows money, or what is none, is known."""
    reader = _Reader(problem, traced)
    found: dict[str, str] = {}
    compared = 0
    for draft in draft_rules(traced, library)[0] if _SIGN.search(problem.text) else ():
        for _, condition, _ in draft.clauses():
            for row in _rows(condition):
                kinds = {reader.kind(term, draft.rule.id) for side in row for term in _terms(side)}
                compared += bool(kinds & {True, False})
                if {True, False} <= kinds:
                    found[draft.rule.id] = (
                        f"The rule {draft.rule.id!r} holds money against what is none."
                    )
    return found, compared


class _Reader:
    """Tells money from other amounts: None where nothing tells."""

    def __init__(self, problem: Problem, cir: CIR) -> None:
        self.cir = cir
        self._problem = problem
        self._owners = {(owner.kind, owner.name): owner for owner in owners(cir)}
        self._given = {item.name: self._parameter(item) for item in cir.parameters}
        self._decided = {
            item.name: True
            if _DECIDED.search(f"{item.name.replace('_', ' ')} {item.unit or ''} {item.meaning}")
            else None
            for item in cir.decisions
        }

    def kind(self, term: Expr, rule: str) -> bool | None:
        """Whether an additive term is money."""
        parts = list(_factors(term))
        told = [kind for part in parts if (kind := self._told(part, rule)) is not None]
        others = [part for part in parts if not isinstance(part, Num | Name | Item)]
        if True in told:
            return True
        if not told:
            planned = [self._decided.get(name) for part in parts if (name := _name(part))]
            return True if not others and planned == [True] else None
        return None if others or any(self._decided.get(_name(part)) for part in parts) else False

    def _told(self, part: Expr, rule: str) -> bool | None:
        """Whether a number is money."""
        match part:
            case Num(value):
                return None if value in STRUCTURAL else self._number(value, rule)
            case Name(name) | Item(name, _):
                return self._given.get(name)
            case _:
                return None

    def _number(self, value: float, rule: str) -> bool | None:
        owner = self._owners.get(("rule", rule))
        return None if owner is None else self._said(owner, Occurrence(value, 0, False))

    def _said(self, owner: Owner, item: Occurrence) -> bool | None:
        source = source_of(owner, item)
        if source is None or source.kind != "text":
            return None
        text = self._problem.text
        told = {
            bool(_SIGN.search(text[max(0, span.start - 2) : span.end + 9])) for span in source.spans
        }
        if told == {False} and not self._otherwise(source.spans):
            return None  # "$200 and 900": a number without a unit may be money too
        percent = any("%" in text[span.start : span.end + 2] for span in source.spans)
        return told.pop() if len(told) == 1 and not percent else None

    def _otherwise(self, spans: Sequence[Span]) -> bool:
        """Whether the text gives the number a unit, which then is no currency."""
        return any(
            quantity.unit is not None
            for quantity in self._problem.quantities
            if any(span.overlaps(quantity.span) for span in spans)
        )

    def _parameter(self, item: Parameter) -> bool | None:
        match item.value:
            case TableValues(table=table, value=column):
                return self._column(f"{column} {item.unit or ''}", table)
            case WideValues(table=table):
                return self._column(item.unit or "", table)
            case _:
                return None

    def _column(self, head: str, table: str) -> bool | None:
        """By the head of a column, or what stands above its table, if heads mark money at all."""
        held = next((item for item in self._problem.tables if item.name == table), None)
        if held is None:
            return None
        head = _PER_SUM.sub(" ", head)
        if _SIGN.search(head):
            return True
        heads = " ".join(column.name for of in self._problem.tables for column in of.columns)
        above = ""
        if held.span is not None:
            above = self._problem.text[: held.span.start].rstrip().rpartition("\n")[2]
        if _SIGN.search(above) or not _SIGN.search(heads) or _DECIDED.search(f"{head} {above}"):
            return None
        return False if len(held.columns) > 1 and head.strip() else None


def _name(part: Expr) -> str:
    match part:
        case Name(name) | Item(name, _):
            return name
        case _:
            return ""


def _rows(condition: Expr) -> Iterator[tuple[Expr, ...]]:
    match condition:
        case And(args):
            for part in args:
                yield from _rows(part)
        case Each(body, _):
            yield from _rows(body)
        case Compare(ops, args) if set(ops) <= {"<=", ">=", "=="}:
            yield args


def _terms(expr: Expr) -> Iterator[Expr]:
    """What is added up."""
    match expr:
        case Add(terms):
            for term in terms:
                yield from _terms(term)
        case Neg(term) | Fold("sum", term, _) | Each(term, _):
            yield from _terms(term)
        case _:
            yield expr


def _factors(expr: Expr) -> Iterator[Expr]:
    match expr:
        case Mul(factors):
            for factor in factors:
                yield from _factors(factor)
        case Div(top, Num()):
            yield from _factors(top)
        case _:
            yield expr
