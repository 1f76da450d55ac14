"""The Mapper agent: gives a relation its archetype and puts its parts into the archetype's roles.

Plain relations carry their archetype on their face, so no model is asked: a constant on the right
makes a capacity, a requirement or a balance; a multiple of other decisions makes a share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from r2c.agents.statements import Conditional, Either, Implication
from r2c.cir.expr import Add, Compare, Div, Expr, Mul, Name, Neg, Num, Seq, Text, symbols
from r2c.cir.write import write
from r2c.errors import CIRError, declare

Operands = dict[str, Expr]

_PLAIN = {
    "<=": ("capacity_limit", "use", "limit"),
    "<": ("capacity_limit", "use", "limit"),
    ">=": ("minimum_requirement", "amount", "least"),
    ">": ("minimum_requirement", "amount", "least"),
    "==": ("exact_balance_requirement", "amount", "target"),
}
_SENSES = {"<=": "at_most", ">=": "at_least", "==": "exactly"}


NO_LEAST_AMOUNT = declare(
    "R2C-G011",
    CIRError,
    what="A rule depends on whether {name!r} is used or reached, but not on how much of it.",
    why="Its amount takes fractions, so that there is no next smaller amount.",
    remedy="Say the least amount that counts, such as 'at least 5 tonnes', or that it is whole.",
)


def map_conditional(item: Conditional, domains: Mapping[str, str]) -> tuple[str, Operands]:
    """The archetype of a limit under a condition: a least batch, or an implication.

    Raises:
        CIRError: R2C-G011 if amounts that take fractions are the condition.
    """
    first, second = item.condition, item.consequence
    floor = second.ops[0] in (">=", ">") and isinstance(second.args[-1], Num)
    if isinstance(first, Name) and floor and second.args[0] == first:
        return "minimum_batch_semi_continuous", {"amount": first, "least": second.args[-1]}
    condition = _used(first.id, domains) if isinstance(first, Name) else first
    return "if_then_implication", {"condition": condition, "consequence": second}


def map_either(item: Either, domains: Mapping[str, str]) -> tuple[str, Operands]:
    """One limit or the other: if the first is missed, the second holds.

    Raises:
        CIRError: R2C-G011 if missing the first is no limit on whole numbers.
    """
    left, op, right = item.first.args[0], item.first.ops[0], item.first.args[-1]
    whole = all(domains.get(name, "continuous") != "continuous" for name in symbols(left))
    if op not in (">=", "<=") or not isinstance(right, Num) or not whole:
        raise NO_LEAST_AMOUNT(name=write(left))
    missed = Compare(("<=",), (left, Num(right.value - 1)))
    if op == "<=":
        missed = Compare((">=",), (left, Num(right.value + 1)))
    return "if_then_implication", {"condition": missed, "consequence": item.second}


def map_implication(item: Implication, domains: Mapping[str, str]) -> tuple[str, Operands]:
    """The archetype of "if one then (not) the other" and its operands.

    Args:
        item: what the sentence says.
        domains: the domain of each decision.

    Raises:
        CIRError: R2C-G011 if amounts that take fractions are required to be used.
    """
    if item.excludes:
        options = Seq((Name(item.condition), Name(item.consequence)))
        return "mutual_exclusion_conflict", {"options": options}
    return "if_then_implication", {
        "condition": _used(item.condition, domains),
        "consequence": _used(item.consequence, domains),
    }


def _used(name: str, domains: Mapping[str, str]) -> Expr:
    if domains[name] == "binary":
        return Name(name)
    if domains[name] == "continuous":
        raise NO_LEAST_AMOUNT(name=name)
    return Compare((">=",), (Name(name), Num(1.0)))


def map_relation(
    relation: Compare, decided: Iterable[str], choices: Collection[str] = ()
) -> tuple[str, Operands]:
    """The archetype of a relation and its operands.

    Args:
        relation: one comparison, not a chain.
        decided: names that depend on the plan: decisions and measures.
        choices: the decisions that are yes-or-no choices.
    """
    names = set(decided)
    left, op, right = relation.args[0], relation.ops[0], relation.args[-1]
    if len(relation.ops) == 1 and (counted := _counted(left, op, right, choices)):
        return counted
    if len(relation.ops) == 1 and op in _PLAIN and symbols(left) & names:
        if not symbols(right) & names:
            archetype, amount, limit = _PLAIN[op]
            return archetype, {amount: left, limit: right}
        share = _share_of(right, names)
        if share is not None and op in _SENSES:
            portion, whole = share
            return "ratio_percentage_share", {
                "part": left,
                "whole": whole,
                "share": portion,
                "sense": Text(_SENSES[op]),
            }
    return "linear", {"relation": relation}


def _counted(
    left: Expr, op: str, right: Expr, choices: Collection[str]
) -> tuple[str, Operands] | None:
    """Plain sums of yes-or-no choices count what is chosen."""
    if not isinstance(left, Add) or not isinstance(right, Num):
        return None
    if not all(isinstance(term, Name) and term.id in choices for term in left.terms):
        return None
    options = Seq(left.terms)
    if right.value == 1 and op in ("<=", "=="):
        archetype = "mutual_exclusion_conflict" if op == "<=" else "exactly_one_choice"
        return archetype, {"options": options}
    if op == "<=" and right.value >= 1:
        return "cardinality_limit", {"items": options, "most": right}
    return None


def _share_of(expr: Expr, names: set[str]) -> tuple[Expr, Expr] | None:
    """`0.3*(a + b)` as share and whole; a plain amount is a share of 1."""
    match expr:
        case Mul((Num() as portion, whole)) if symbols(whole) & names:
            return portion, whole
        case Div(whole, Num(value)) if symbols(whole) & names and value:
            return Num(1 / value), whole
        case Neg():
            return None
        case Name():
            return Num(1.0), expr
        case _:
            return None
