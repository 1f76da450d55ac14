"""How many independent readings come to the same model, or at least the same optimum.

A reading may be a whole formulation, or one that differs in the least certain sentence only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.cir.canonical import digest
from r2c.cir.schema import CIR
from r2c.formulation import Evidence, Outcome, Solution
from r2c.verdict.alternative import Alternative

NAME = "agreement"
SAMPLES = 3
"""Fewer formulations than this, the judged one included, are no evidence."""
SHARE = 0.6
"""The share of formulations that must agree: three of five. A judgement, not yet calibrated."""
_SAME = 1e-6


@dataclass(frozen=True)
class Agreement:
    """Shares of the votes, the judged formulation's own vote included.

    `by_luck` is the share that has the same optimum, and another one with other numbers.
    """

    votes: float
    same_model: float
    same_optimum: float
    by_luck: float = 0.0


def agreement_of(cir: CIR, solution: Solution, alternatives: Sequence[Alternative]) -> Agreement:
    """Count the votes.

    Args:
        cir: The judged formulation; it has one vote.
        solution: What it came to.
        alternatives: The other formulations, without the judged one.
    """
    # The digest of a large model takes seconds, and alone nothing is compared with it.
    own = digest(cir) if any(item.digest for item in alternatives) else ""
    votes = 1.0 + sum(item.weight for item in alternatives)
    model = optimum = 1.0
    luck = 0.0
    for item in alternatives:
        same = bool(own) and item.digest == own
        model += item.weight * same
        luck += item.weight * item.apart
        optimum += item.weight * (same or _agrees(item, solution))
    return Agreement(votes, model / votes, optimum / votes, luck / votes)


def agreement(cir: CIR, solution: Solution, alternatives: Sequence[Alternative]) -> Evidence:
    """Whether enough formulations agree with this one."""
    found = agreement_of(cir, solution, alternatives)
    details = {
        "votes": found.votes,
        "same_model": round(found.same_model, 4),
        "same_optimum": round(found.same_optimum, 4),
        "by_luck": round(found.by_luck, 4),
    }
    if found.votes < SAMPLES:
        told = "There is no second reading" if not alternatives else "Too few readings"
        return Evidence(
            check=NAME,
            passed=None,
            message=f"{told} to compare with; {SAMPLES} are needed.",
            details=dict(details),
        )
    agree = found.same_optimum * found.votes
    return Evidence(
        check=NAME,
        passed=found.same_optimum >= SHARE,
        message=f"Where they differ most, {agree:g} of {found.votes:g} readings "
        f"{_verb(agree)} to this answer, "
        f"{found.same_model * found.votes:g} of them with the same model."
        f"{_told_luck(found)}",
        details=dict(details),
    )


def _verb(count: float) -> str:
    return "comes" if count == 1 else "come"


def _told_luck(found: Agreement) -> str:
    """A share that agrees by luck is told, and counts: most misread what does not matter here."""
    lucky = found.by_luck * found.votes
    if not lucky:
        return ""
    return f" With other numbers {lucky:g} of them would come to another answer."


def _agrees(item: Alternative, solution: Solution) -> bool:
    if item.outcome != solution.outcome:
        return False
    if item.objective is None or solution.objective is None:
        return item.objective is solution.objective and item.outcome in (
            Outcome.INFEASIBLE,
            Outcome.UNBOUNDED,
        )
    return math.isclose(item.objective, solution.objective, rel_tol=_SAME, abs_tol=_SAME)
