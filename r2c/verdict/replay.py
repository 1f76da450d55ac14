"""The plan replayed: stores filled and emptied, trips driven, machines run, as they would happen.

`r2c.verdict.recheck` asks the algebra of the cards whether the plan keeps the rules; this lets it
happen in plain Python, where an archetype offers that (`r2c.verdict.simulators`). A card that means
something else than its name says is found only so.
"""

from __future__ import annotations

from collections.abc import Mapping

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Evidence, Solution
from r2c.model.reformulate import draft_rules
from r2c.verdict.given import given
from r2c.verdict.plan_values import at_key
from r2c.verdict.point import by_symbol
from r2c.verdict.simulators import simulated, simulator
from r2c.verdict.wording import counted

NAME = "replay"
_LARGEST = 50_000
"""Values of a plan; larger ones are not replayed."""


def replay(
    cir: CIR, solution: Solution, instance: Instance, library: Mapping[str, Card]
) -> Evidence:
    """Whether what the plan says can happen, for rules whose archetype can be replayed."""
    rules = [r for r in cir.rules if r.archetype in simulated() and r.soft is None]
    if not solution.values or not rules:
        return _silent("Nothing in the plan can be replayed step by step.")
    if sum(map(len, solution.values.values())) > _LARGEST:
        return _silent("The plan is too large to be replayed.")
    at: Evaluator[float] = Evaluator(instance, by_symbol(solution, cir))
    asked = {rule.id for rule in rules}
    found: dict[str, str] = {}
    replayed = 0
    try:
        for draft in draft_rules(cir, library)[0]:
            if draft.rule.id not in asked:
                continue
            for part in given(draft, at):
                replayed += 1
                for told in simulator(draft.card.id).replay(part):
                    where = f"{draft.rule.id!r}{at_key(part.key)}"
                    found.setdefault(draft.rule.id, f"In a replay of the rule {where} {told}.")
    except R2CError as error:
        return _silent(f"The plan cannot be replayed: {error}")
    return Evidence(
        check=NAME,
        passed=not found,
        message=" ".join(found.values())
        or f"{counted(replayed, 'part')} of the plan replayed step by step; all goes well.",
        rules=tuple(found),
        details={"replayed": replayed},
    )


def _silent(message: str) -> Evidence:
    return Evidence(check=NAME, passed=None, message=message)
