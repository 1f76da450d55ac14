"""Rules that were written in a way that is not exact, told beside the answer that rests on it."""

from __future__ import annotations

from r2c.errors import Fault, ModelError, declare
from r2c.formulation import Choice, Outcome, Solution
from r2c.model.plain import PlainModel

INEXACT = declare(
    "R2C-S006", ModelError,
    what="The answer rests on a model that is not exact: {rules}.",
    why="{consequence}",
    remedy="Give the decisions of {names} the bounds or whole-number domains that the exact ways "
    "of writing ask for, or hold the plan against the sentences yourself.",
)  # fmt: skip

_CONSEQUENCES = {
    "relaxation": "A relaxation lets through plans that break the rule, so this plan may break it, "
    "and the best plan that keeps it may be worse.",
    "restriction": "A restriction rules out plans that keep the rule, so a better plan may exist, "
    "also where none was found.",
    "approximation": "An approximation may let through plans that break the rule and rule out "
    "others that keep it.",
}
_DOUBTED = {
    "relaxation": frozenset({Outcome.OPTIMAL, Outcome.FEASIBLE, Outcome.UNBOUNDED}),
    "restriction": frozenset({Outcome.OPTIMAL, Outcome.INFEASIBLE}),
    "approximation": frozenset(
        {Outcome.OPTIMAL, Outcome.FEASIBLE, Outcome.INFEASIBLE, Outcome.UNBOUNDED}
    ),
}
"""The outcomes that say more than such a model can show."""


def with_inexactness(solution: Solution, plain: PlainModel) -> Solution:
    """The solution with a fault that names rules not written exactly, where it matters.

    A fault that the solution already has says more and stays.
    """
    fault = _inexactness(plain, solution.outcome)
    if fault is None or solution.fault is not None:
        return solution
    return solution.model_copy(update={"fault": fault})


def _inexactness(plain: PlainModel, outcome: Outcome) -> Fault | None:
    found = [
        choice
        for choice in plain.choices
        if choice.relation != "exact" and outcome in _DOUBTED[choice.relation]
    ]
    if not found:
        return None
    quotes = {rule.id: rule.quote for rule in plain.cir.rules}
    kinds = dict.fromkeys(choice.relation for choice in found)
    return INEXACT.fault(
        rules="; ".join(_told(choice, quotes.get(choice.rule, "")) for choice in found),
        consequence=" ".join(_CONSEQUENCES[kind] for kind in kinds),
        names=", ".join(repr(choice.rule) for choice in found),
    )


def _told(choice: Choice, quote: str) -> str:
    said = f" (“{quote}”)" if quote else ""
    article = "an" if choice.relation == "approximation" else "a"
    because = f" because {choice.reason}" if choice.reason != "pinned" else " as pinned"
    return (
        f"rule {choice.rule!r}{said} is written as {choice.paradigm!r}, {article} "
        f"{choice.relation},{because}"
    )
