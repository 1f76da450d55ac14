"""Amounts that a rule works out and nothing uses: a bill that the goal forgot.

A rule that only says what an amount is (a bill by brackets, the largest of several, a deviation)
limits nothing by itself. If no other rule and no goal uses the amount, the sentence is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from r2c.archetypes.card import Card
from r2c.cir.expr import Compare, Name, symbols
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, ExprValues, Rule
from r2c.formulation import Evidence
from r2c.verdict.wording import counted

NAME = "unused_measures"


def unused_measures(cir: CIR, library: Mapping[str, Card]) -> Evidence:
    """Whether every amount that a rule only works out is used somewhere."""
    measures = [rule for rule in cir.rules if _only_measures(rule, library)]
    if not measures:
        return Evidence(check=NAME, passed=None, message="No rule only works out an amount.")
    found = dict(conflicts(cir, library))
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or f"{counted(len(measures), 'amount')} that rules work out, and each is used.",
        rules=tuple(found),
    )


def _only_measures(rule: Rule, library: Mapping[str, Card]) -> bool:
    """Whether the rule gives amounts their values and neither limits nor charges anything."""
    card = library.get(rule.archetype)
    if card is None or not card.outputs or rule.soft is not None:
        return False
    optional = {role.name for role in card.roles if not role.required and role.default is None}
    return (
        card.cost is None
        and not optional & set(rule.operands)
        and not _limits(card)
        and all(
            output.value is not None and output.domain == "continuous" and not output.hidden
            for output in card.outputs
        )
    )


def _limits(card: Card) -> bool:
    """Whether the card holds an amount that it works out against one that it is given."""
    outputs = {output.name for output in card.outputs}
    given = {role.name for role in card.roles if role.required}
    sides = [
        {arg.id for arg in condition.args if isinstance(arg, Name)}
        for condition in card.holds.values()
        if isinstance(condition, Compare)
    ]
    return any(names & outputs and names & given for names in sides)


def conflicts(cir: CIR, library: Mapping[str, Card]) -> Iterator[tuple[str, str]]:
    """Rules that work out an amount which nothing uses, with what is wrong about it."""
    kept = tuple(item for item in cir.parameters if isinstance(item.value, ExprValues))
    used = {
        name
        for owner in owners(cir.model_copy(update={"parameters": kept}))
        for tree in owner.trees()
        for name in symbols(tree)
    }
    for rule in cir.rules:
        if _only_measures(rule, library) and not used & set(rule.outputs.values()):
            named = ", ".join(map(repr, rule.outputs.values())) or "an amount"
            yield (
                rule.id,
                f"The rule {rule.id!r} works out {named}, which no other rule and no goal uses.",
            )
