"""The things that a rule is about, held against those that its sentence names.

"At most twice as many tomatoes as potatoes" over potatoes alone, or "who takes cars takes dolls"
over robots and dolls, runs well and says something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from r2c.archetypes.card import Card
from r2c.cir.expr import Add, Expr, Mul, Name, Neg, Num, symbols, walk
from r2c.cir.schema import CIR, Rule
from r2c.problem.schema import Sentence
from r2c.verdict.things import Things
from r2c.verdict.turned import turned

_RATIO = "ratio_percentage_share"


def strangers(
    cir: CIR,
    library: Mapping[str, Card],
    places: Mapping[str, list[Sentence]],
    things: Things,
) -> Iterator[tuple[str, str]]:
    """Rules about things that their sentence does not name, or not about all that it compares.

    Args:
        cir: The model.
        library: The cards.
        places: The sentences that each rule quotes.
        things: What is decided about.
    """
    alone = {item.name for item in cir.decisions if not item.over}
    used = {rule.id: _used(rule, cir) for rule in cir.rules}
    beside: dict[int, set[str]] = {}
    for rule in cir.rules:
        for sentence in places[rule.id]:
            beside.setdefault(sentence.number, set()).update(used[rule.id])
    for rule in cir.rules:
        if len(places[rule.id]) == 1 and (told := turned(rule, places[rule.id][0], things)):
            yield rule.id, told
        if (twice := _added_to_itself(rule)) is not None:
            yield rule.id, f"The rule {rule.id!r} adds {twice!r} to itself."
            continue
        if len(places[rule.id]) != 1 or not used[rule.id] or not used[rule.id] <= alone:
            continue
        (sentence,) = places[rule.id]
        named = set(things.in_order(sentence.text))
        lost = sorted(named - beside[sentence.number])
        if not lost or not all(name in things for name in used[rule.id]):
            continue
        strange = sorted(used[rule.id] - named)
        card = library.get(rule.archetype)
        joins = card is not None and (card.family == "logic" or rule.archetype == _RATIO)
        if len(named) > 1 and strange and joins:
            told = " and ".join(map(repr, sorted(named)))
            what = " and ".join(map(repr, strange))
            yield rule.id, f"The words name {told}, the rule {rule.id!r} is about {what}."
        elif len(named) == 2 and joins and len(used[rule.id]) == 1:
            told = " and ".join(map(repr, lost))
            yield rule.id, f"The words name {told} as well, the rule {rule.id!r} does not."


def _used(rule: Rule, cir: CIR) -> set[str]:
    """The decisions that a rule comes to, by definitions as well."""
    decisions = {item.name for item in cir.decisions}
    meant = {item.name: item.expr for item in cir.definitions}
    found: set[str] = set()
    met: set[str] = set()
    ahead = set().union(*(symbols(expr) for expr in rule.operands.values()))
    while ahead:
        name = ahead.pop()
        if name in decisions:
            found.add(name)
        elif name in meant and name not in met:
            met.add(name)
            ahead |= symbols(meant[name])
    return found


def _added_to_itself(rule: Rule) -> str | None:
    for expr in rule.operands.values():
        for node in walk(expr):
            if isinstance(node, Add):
                names = [name for term in node.terms if (name := _alone(term)) is not None]
                twice = [name for name in names if names.count(name) > 1]
                if twice:
                    return twice[0]
    return None


def _alone(term: Expr) -> str | None:
    match term:
        case Name(name) | Mul((Num(_), Name(name))):
            return name
        case Neg(inner):
            return _alone(inner)
        case _:
            return None
