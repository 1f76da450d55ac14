"""What in a model can say a condition or a choice: not the names of archetypes, their meanings.

A meaning with "or", "implies" or a count of what is used can; so can a row in which a yes-or-no
decision switches another, and, for some kinds of logic, a proportion or a step size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.expr import Add, Call, Compare, Div, Expr, Item, Mul, Neg, Not, Num, Or, symbols, walk
from r2c.cir.schema import CIR, Definition, Objective, Rule
from r2c.model.draft import Draft
from r2c.model.reformulate import draft_rules
from r2c.problem.schema import Problem, Sentence
from r2c.verdict.logic_words import Logic, stems_of

_COUNTS = ("nonzero", "count", "components", "implies")
_PROPORTION = re.compile(
    r"\b(?:twice|double|triple|times|as\s+(?:many|much)|same|equal|each|every|per)\b", re.IGNORECASE
)
_MONEY = re.compile(
    r"\b(?:costs?|fees?|charges?|prices?|rents?|expenses?|penalt(?:y|ies)|bonus\w*|discounts?|paid"
    r"|pays?|profits?|revenues?|gains?|euros?|dollars?|takings)\b|[$€£]",
    re.IGNORECASE,
)


class Carriers:
    """The parts of a model that can say logic, by the sentence that they come from."""

    def __init__(self, problem: Problem, traced: CIR, library: Mapping[str, Card]) -> None:
        self._problem = problem
        self._cir = traced
        self._drafts = {draft.rule.id: draft for draft in draft_rules(traced, library)[0]}
        self._made_of = {item.name: symbols(item.expr) for item in traced.definitions}
        outputs = list(_outputs(self._drafts.values()))
        self._decided = {
            *(item.name for item in traced.decisions),
            *(name for _, name, _ in outputs),
        }
        self._families = {
            *(item.name for item in traced.decisions if item.over),
            *(name for rule, name, _ in outputs if rule.forall is not None),
        }
        domains = {
            **{item.name: item.domain for item in traced.decisions},
            **{name: domain for _, name, domain in outputs},
        }
        self._whole = {name for name, domain in domains.items() if domain != "continuous"}
        self._binary = {name for name, domain in domains.items() if domain == "binary"}

    def carry(self, item: Logic) -> bool:
        """Whether a part that comes from the sentence can say its logic."""
        rules = [rule for rule in self._cir.rules if self._is_from(rule, item.sentence)]
        parts = [part for rule in rules for part in self._parts(rule)]
        if item.kind == "multiple":
            return any(map(self._steps, parts)) or self._is_made_of_steps(item.sentence)
        if any(self._is_logical(part) or self._switches(part) for part in parts):
            return True
        if item.kind == "condition" and any(map(_only_caps, rules)):
            return True
        if item.kind == "season":
            return any(_is_within(rule, item.words) for rule in rules)
        if item.kind == "together" or self._is_proportion(item):
            return any(map(self._ties, parts))
        return item.kind == "condition" and self._prices_a_choice(item.sentence)

    def _parts(self, rule: Rule) -> Iterator[Expr]:
        """What the rule means, and what it was written with if its card gives it no meaning."""
        draft = self._drafts.get(rule.id)
        if draft is None:
            yield from rule.operands.values()
        else:
            yield from (condition for _, condition, _ in draft.clauses())

    def _is_from(self, rule: Rule, sentence: Sentence) -> bool:
        span = words_of(rule, self._problem)
        return span is not None and span.overlaps(sentence.span)

    def _used(self, expr: Expr) -> set[str]:
        """The decisions and outputs behind an expression, definitions looked into."""
        found: set[str] = set()
        open_ = list(symbols(expr))
        seen: set[str] = set()
        while open_:
            name = open_.pop()
            if name not in seen:
                seen.add(name)
                open_.extend(self._made_of.get(name, ()))
                found |= {name} & self._decided
        return found

    def _is_logical(self, condition: Expr) -> bool:
        return any(
            bool(self._used(node))
            for node in walk(condition)
            if isinstance(node, Or | Not) or (isinstance(node, Call) and node.function in _COUNTS)
        )

    def _switches(self, condition: Expr) -> bool:
        """Whether a yes-or-no decision stands in a row with another decision."""
        used = self._used(condition)
        return bool(used & self._binary) and (len(used) > 1 or bool(used & self._families))

    def _steps(self, condition: Expr) -> bool:
        """Whether an amount equals so many times a whole number."""
        return (
            isinstance(condition, Compare)
            and set(condition.ops) == {"=="}
            and len(self._used(condition)) > 1
            and bool(self._used(condition) & self._whole)
            and any(isinstance(node, Mul | Div) for node in walk(condition))
        )

    def _is_made_of_steps(self, sentence: Sentence) -> bool:
        return any(
            isinstance(node, Mul) and self._used(node) & self._whole
            for item in self._cir.definitions
            if _draws_on(item, sentence)
            for node in walk(item.expr)
        )

    def _is_proportion(self, item: Logic) -> bool:
        """Whether the words of a condition tell how much of one goes with how much of another."""
        words = item.sentence.text
        return item.kind == "condition" and _PROPORTION.search(words) is not None

    def _ties(self, condition: Expr) -> bool:
        """Whether a row keeps one decision in proportion to another, without a fixed amount."""
        if not isinstance(condition, Compare) or len(condition.ops) != 1:
            return False
        left, right = condition.args
        terms = [*_terms(left, 1), *_terms(right, -1)]
        signs = {sign for sign, term in terms if self._used(term)}
        return signs == {1, -1} and all(self._used(term) or _is_zero(term) for _, term in terms)

    def _prices_a_choice(self, sentence: Sentence) -> bool:
        """Whether the sentence gives the money that a yes-or-no decision costs or brings."""
        if not _MONEY.search(sentence.text):
            return False
        numbered = any(q.sentence == sentence.number for q in self._problem.quantities)
        priced: list[Definition | Objective] = [*self._cir.definitions, *self._cir.objectives]
        return any(
            self._used(item.expr) & self._binary
            for item in priced
            if not numbered or _draws_on(item, sentence)
        )


def _outputs(drafts: Iterable[Draft]) -> Iterator[tuple[Rule, str, str]]:
    for draft in drafts:
        for output in draft.card.outputs:
            yield draft.rule, draft.outputs[output.name].name, output.domain


def _draws_on(item: Definition | Objective, sentence: Sentence) -> bool:
    return any(
        span.overlaps(sentence.span) for literal in item.literals for span in literal.source.spans
    )


def _only_caps(rule: Rule) -> bool:
    """Whether each of several amounts has an upper bound and no more.

    "If we call at a place, its number is at most 3": where nothing is done, nothing is above it.
    """
    bound = rule.archetype == "bounds_on_variables" and set(rule.operands) == {"amount", "most"}
    return bound and rule.forall is not None and isinstance(rule.operands["amount"], Item)


def _is_within(rule: Rule, season: str) -> bool:
    """Whether the rule is for some periods only, or for a decision that tells the season."""
    named = stems_of(" ".join(name for e in rule.operands.values() for name in symbols(e)))
    keyed = any(isinstance(node, Item) for e in rule.operands.values() for node in walk(e))
    return rule.forall is not None or keyed or bool(named & stems_of(season))


def _terms(expr: Expr, sign: int) -> Iterator[tuple[int, Expr]]:
    match expr:
        case Add(terms):
            for term in terms:
                yield from _terms(term, sign)
        case Neg(term):
            yield from _terms(term, -sign)
        case Mul(factors):
            below = sum(isinstance(item, Num) and item.value < 0 for item in factors)
            yield -sign if below % 2 else sign, expr
        case _:
            yield sign, expr


def _is_zero(term: Expr) -> bool:
    return term == Num(0.0)
