"""Which tiers a model has: of its goals, and of what its rules cost; the lowest comes first."""

from __future__ import annotations

from typing import Literal

from r2c.cir.schema import CIR, Objective

CHARGES = 0
"""The tier of the charges that archetypes make."""


def tiers(cir: CIR, *, charged: bool) -> tuple[int, ...]:
    """The tiers in their order of importance; `charged` says that some rule makes a charge."""
    goals = {goal.tier for goal in cir.objectives}
    prices = {rule.soft.tier for rule in cir.rules if rule.soft is not None}
    return tuple(sorted(goals | prices | ({CHARGES} if charged else set())))


def goals_of(cir: CIR, tier: int) -> tuple[Objective, ...]:
    """The goals of one tier, in the order of the CIR; none where it only has costs."""
    return tuple(goal for goal in cir.objectives if goal.tier == tier)


def sense_of(cir: CIR, tier: int) -> Literal["min", "max"]:
    """The sense of a tier: that of its first goal; costs alone are to be kept low."""
    goals = goals_of(cir, tier)
    return goals[0].sense if goals else "min"


def share_of(goal: Objective, sense: Literal["min", "max"]) -> float:
    """The factor by which a goal counts in a tier of this sense."""
    return goal.weight if goal.sense == sense else -goal.weight


def named(cir: CIR, tier: int, *, paid: bool) -> tuple[str, str]:
    """Unit and meaning of what a tier is worth, if it is one goal that counts as it is.

    Args:
        cir: The model.
        tier: Of its tiers.
        paid: Whether it holds what rules cost; prices of soft rules are found in the model.

    Returns:
        Two empty words for several goals, or one that is weighed: what they add up to has no name.
    """
    goals = goals_of(cir, tier)
    if len(goals) != 1 or goals[0].weight != 1.0:
        return "", ""
    unit, meaning = goals[0].unit or "", goals[0].meaning
    if meaning and (paid or is_priced(cir, tier)):
        meaning += " with what rules cost" if goals[0].sense == "min" else " less what rules cost"
    return unit, meaning


def is_priced(cir: CIR, tier: int) -> bool:
    """Whether breaking some rule has its price in this tier."""
    return any(rule.soft is not None and rule.soft.tier == tier for rule in cir.rules)
