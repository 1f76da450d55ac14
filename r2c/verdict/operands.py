"""What fills the roles of an archetype: something decided where a plan is limited, the right names.

A rule whose `use` is a number and whose `limit` is the plan runs and says the opposite; so does one
whose `rise` is filled with the largest fall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from r2c.archetypes.card import Card
from r2c.cir.check_quotes import words_of
from r2c.cir.expr import Add, Expr, Name, Num, symbols, walk
from r2c.cir.schema import CIR, Parameter, Rule
from r2c.cir.scope import decided
from r2c.formulation import Evidence
from r2c.problem.schema import Problem
from r2c.verdict.logic_words import stems_of
from r2c.verdict.wording import counted

NAME = "operands"
_FILLED = frozenset("number amount total of per the a an and for".split())
"""Words of names that say nothing about which number it is."""
_EMPTY = stems_of(" ".join(_FILLED))
_MONEY = re.compile(r"[$€£¥]|\b(?:dollars?|euros?|pounds?|cents?)\b", re.IGNORECASE)
_PAID = frozenset(
    "price cost charge fee extra penalty rate premium payment under_price over_price".split()
)
_PLAIN = frozenset(
    "amount use limit level part whole least most start end time unit target input output".split()
)
"""Roles whose names are words of everyday use."""


def operands(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether roles are filled with what belongs there, as far as shapes and names tell."""
    found = dict(conflicts(problem, cir, library))
    checked = sum(rule.archetype != "linear" for rule in cir.rules)
    if not checked and not found:
        return Evidence(check=NAME, passed=None, message="No rule names an archetype.")
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or f"In {counted(checked, 'archetype')} every role holds what belongs there.",
        rules=tuple(found),
    )


def conflicts(problem: Problem, cir: CIR, library: Mapping[str, Card]) -> Iterator[tuple[str, str]]:
    """Rules with what is wrong about their operands."""
    decisions = decided(cir)
    parameters = {item.name: item for item in cir.parameters}
    totals = {
        item.name: symbols(item.expr) & decisions for item in cir.definitions if item.forall is None
    }
    for rule in cir.rules:
        told = (
            _undecided(rule, decisions, library)
            or _crossed(rule, decisions)
            or _elsewhere(rule, decisions)
            or _money(rule, problem)
            or _misnamed(rule, problem, parameters)
            or _mixed(rule, totals)
        )
        if told:
            yield rule.id, told


def _undecided(rule: Rule, decisions: frozenset[str], library: Mapping[str, Card]) -> str | None:
    card = library.get(rule.archetype)
    if card is None:
        return None
    wanted = decided_roles(card)
    filled = {role for role, expr in rule.operands.items() if symbols(expr) & decisions}
    missing = sorted(wanted & set(rule.operands) - filled)
    if missing and (filled - wanted or not filled):
        return f"Nothing of the plan is in the role {missing[0]!r} of the rule {rule.id!r}."
    return None


def decided_roles(card: Card) -> frozenset[str]:
    """The roles that hold something decided wherever the card itself uses its archetype."""
    cir = card.instance.cir
    decisions = decided(cir)
    found: dict[str, bool] = {}
    for rule in cir.rules:
        if rule.archetype == card.id:
            for role, expr in rule.operands.items():
                found[role] = found.get(role, True) and bool(symbols(expr) & decisions)
    numbers = {
        role
        for example in card.examples
        for role, expr in example.operands.items()
        if isinstance(expr, Num)
    }
    return frozenset(role for role, always in found.items() if always) - numbers


def _crossed(rule: Rule, decisions: frozenset[str]) -> str | None:
    """Two roles, each filled with a number whose name tells that it belongs into the other."""
    names = {role: _names(expr, decisions) for role, expr in rule.operands.items()}
    for one, other in combinations(sorted(names), 2):
        first, second = stems_of(one.replace("_", " ")), stems_of(other.replace("_", " "))
        only_first, only_second = first - second, second - first
        if not only_first or not only_second:
            continue
        if (
            only_first <= names[other]
            and only_second <= names[one]
            and not only_first & names[one]
            and not only_second & names[other]
        ):
            return f"{one!r} and {other!r} of the rule {rule.id!r} stand in each other's place."
    return None


def _elsewhere(rule: Rule, decisions: frozenset[str]) -> str | None:
    """What is named like a role fills another one."""
    for role in sorted(set(rule.operands) - _PLAIN):
        named = {name for name in decisions if stems_of(name.replace("_", " ")) & stems_of(role)}
        if not named or symbols(rule.operands[role]) & named:
            continue
        for other, expr in sorted(rule.operands.items()):
            if other != role and symbols(expr) & named and not isinstance(expr, Name | Num):
                inside = ", ".join(sorted(symbols(expr) & named))
                place = f"the role {other!r} of the rule {rule.id!r}"
                return f"{inside!r} stands in {place}, not in {role!r}."
    return None


def _mixed(rule: Rule, totals: Mapping[str, frozenset[str]]) -> str | None:
    """A total over decisions with one of them added as it is: years of work plus a person."""
    for expr in rule.operands.values():
        for node in walk(expr):
            terms = (
                {term.id for term in node.terms if isinstance(term, Name)}
                if isinstance(node, Add)
                else set()
            )
            for total in sorted(terms & totals.keys()):
                twice = sorted(terms & totals[total])
                if twice:
                    return f"The rule {rule.id!r} adds {twice[0]!r} to {total!r}, which counts it."
    return None


def _money(rule: Rule, problem: Problem) -> str | None:
    """A sum of money where an amount is wanted, and the amount where money is."""
    paid = {
        role: _is_money(expr.value, rule, problem)
        for role, expr in rule.operands.items()
        if isinstance(expr, Num) and expr.value
    }
    for role, money in paid.items():
        for other, too in paid.items():
            if role in _PAID and other not in _PAID and money is False and too is True:
                return f"{other!r} of the rule {rule.id!r} is a sum of money, {role!r} is none."
    return None


def _is_money(value: float, rule: Rule, problem: Problem) -> bool | None:
    """Whether the number was told with a currency; None if it was told otherwise or not at all."""
    span = words_of(rule, problem)
    told = [
        bool(_MONEY.search(problem.text[max(0, q.span.start - 2) : q.span.end + 8]))
        for q in problem.quantities
        if span is not None and span.overlaps(q.span) and q.value == abs(value)
    ]
    return told[0] if len(set(told)) == 1 else None


def _names(expr: Expr, decisions: frozenset[str]) -> frozenset[str]:
    """The words of the names of all numbers in an expression."""
    return stems_of(" ".join(symbols(expr) - decisions).replace("_", " "))


def _misnamed(rule: Rule, problem: Problem, parameters: Mapping[str, Parameter]) -> str | None:
    """A number that the words of the rule do not name, for one of the same kind that they do."""
    span = words_of(rule, problem)
    quote = problem.quote(span) if span is not None else rule.quote
    words = stems_of(quote)
    used = {name for expr in rule.operands.values() for name in symbols(expr)} & set(parameters)
    told = {name: stems_of(name.replace("_", " ")) - _EMPTY for name in parameters}
    named = {name for name in parameters if told[name] and _is_named(name, quote)}
    for name in sorted(used - named):
        for other in sorted(named - used):
            one, two = parameters[name], parameters[other]
            apart = told[name] - told[other]
            if one.over == two.over and one.over and not apart & words:
                return (
                    f"The words of the rule {rule.id!r} name {other!r}; it uses {name!r}, which "
                    "they do not name."
                )
    return None


def _is_named(name: str, words: str) -> bool:
    """Whether the words of a name stand together, in this order, in other words."""
    parts = [part for part in name.split("_") if part and part not in _FILLED]
    pattern = r"\w*\W+(?:\w+\W+)?".join(map(re.escape, parts))
    return bool(parts) and re.search(rf"\b{pattern}", words, re.IGNORECASE) is not None
