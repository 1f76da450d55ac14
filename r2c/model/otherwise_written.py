"""The same rules written by other exact paradigms, to solve the same problem in a second way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from r2c.archetypes.card import Card
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR, Rule
from r2c.formulation import Choice
from r2c.model.bounds import Bounds
from r2c.model.choose import exact_ways
from r2c.model.reformulate import decision_variable, draft_rules
from r2c.model.symbols import Symbols


def otherwise_written(
    cir: CIR, library: Mapping[str, Card], instance: Instance, choices: Sequence[Choice]
) -> tuple[CIR, dict[str, str]]:
    """The CIR with every rule that has one pinned to another exact paradigm.

    Args:
        cir: The model; its rules can all be written.
        library: The cards.
        instance: Its data, which say what is possible.
        choices: How the rules were written.

    Returns:
        The CIR, and the paradigms by rule, empty if no rule can be written otherwise.
    """
    written = {choice.rule: choice.paradigm for choice in choices}
    drafts, _ = draft_rules(cir, library)
    symbols = Symbols(cir)
    variables = [decision_variable(item, symbols) for item in cir.decisions]
    for draft in drafts:
        variables.extend(draft.output_variables())
    implied = [relation for draft in drafts for relation in draft.implied()]
    bounds = Bounds(instance, variables, implied)
    others: dict[str, str] = {}
    for draft in drafts:
        ways = exact_ways(draft, bounds) if len(draft.card.paradigms) > 1 else []
        rest = [way for way in ways if way != written.get(draft.rule.id)]
        if rest and written.get(draft.rule.id) in ways:
            others[draft.rule.id] = rest[0]
    rules = tuple(_pinned(rule, others.get(rule.id)) for rule in cir.rules)
    return cir.model_copy(update={"rules": rules}), others


def _pinned(rule: Rule, paradigm: str | None) -> Rule:
    return rule if paradigm is None else rule.model_copy(update={"chosen": paradigm})
