"""One number in [0, 1] out of the evidence, to order answers; not a probability."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.formulation import Evidence, Outcome

FACTORS = {
    "solver_trust": 0.3,
    "recheck": 0.05,
    "second_paradigm": 0.3,
    "replay": 0.05,
    "perturbation": 0.5,
    "direction": 0.3,
    "number_coverage": 0.6,
    "sentence_coverage": 0.85,
    "logic": 0.6,
    "named_limits": 0.5,
    "sides": 0.5,
    "operands": 0.5,
    "scope": 0.6,
    "subjects": 0.3,
    "left_out": 0.5,
    "money": 0.5,
    "wholeness": 0.7,
    "unused_measures": 0.5,
    "conversions": 0.5,
    "units": 0.7,
    "told_units": 0.5,
    "degenerate": 0.4,
    "domains": 0.8,
    "questions": 0.7,
}
"""What remains of the score when a check fails."""
INVENTED = 0.5
"""A further factor where the model has numbers that nobody wrote."""
UNUSUAL = 0.4
"""Factor of outcomes other than a plan: mostly the mark of a wrong formulation."""


def raw_score(outcome: Outcome, evidence: Sequence[Evidence]) -> float:
    """The share of agreement (one agreeing vote added for and against), times factors.

    Args:
        outcome: What solving gave; without a model the score is 0.
        evidence: The evidence of one answer.
    """
    if outcome in (Outcome.UNSUPPORTED, Outcome.NEEDS_INPUT):
        return 0.0
    score = 0.5
    for item in evidence:
        if item.check == "agreement":
            votes, share = item.details.get("votes"), item.details.get("same_optimum")
            if isinstance(votes, int | float) and isinstance(share, int | float) and votes > 1:
                score = (votes * share + 1.0) / (votes + 2.0)
    for item in evidence:
        if item.passed is False:
            score *= FACTORS.get(item.check, 1.0)
        if item.check == "number_coverage" and item.details.get("invented"):
            score *= INVENTED
    if outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        score *= UNUSUAL
    return round(min(1.0, max(0.0, score)), 6)
