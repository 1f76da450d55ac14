"""The probability that an answer is right, from its evidence: a logistic model fitted to answers.

Platt, "Probabilistic outputs for support vector machines", 1999, without his change of targets:
p = 1 / (1 + exp(-(b + sum_k w_k x_k))) over the few features below. It is about readings that a
language model made and votes were taken on; a model that somebody wrote has no confidence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from pydantic import Field

from r2c.formulation import Evidence, Outcome
from r2c.problem.schema import Frozen

FEATURES = ("agreement", "same_model", "failed", "invented", "sets", "numbers")
"""What is known of an answer, in the order of the weights of a calibration."""
_APART = frozenset({"agreement", "solver_trust", "recheck", "verdict", "data"})
"""Evidence that is no finding about words: it counts on its own, or decides alone."""


class Calibration(Frozen):
    """A fitted model, and what it was fitted to.

    An answer may be called verified from the confidence `verified_from` on: of the `verified`
    answers with at least that in the fit (each held against a model fitted without it),
    `verified_wrong` were wrong, so the share of wrong ones is at most `bound`, one-sided 95%. None
    where no such confidence was found.
    """

    weights: tuple[float, ...]
    bias: float
    verified_from: float | None = Field(ge=0, le=1)
    verified: int = 0
    verified_wrong: int = 0
    bound: float = 1.0
    answers: int
    right: int
    model: str = Field(description="The language model whose readings these are.")
    commit: str = ""

    def confidence(self, known: Mapping[str, float]) -> float:
        """The probability, of features by name."""
        z = self.bias + sum(
            weight * known[name] for name, weight in zip(FEATURES, self.weights, strict=True)
        )
        return 1.0 / (1.0 + math.exp(-max(-500.0, min(500.0, z))))

    def is_enough(self, confidence: float) -> bool:
        """Whether answers with this confidence, whose checks are passed, may be called verified."""
        return self.verified_from is not None and confidence >= self.verified_from

    def why_not_enough(self, confidence: float) -> str:
        """One sentence for the planner about an answer that lacks confidence alone."""
        if self.verified_from is None:
            return "All checks have been passed, but too few such answers have been measured."
        return (
            f"All checks have been passed, but of answers with a confidence of {confidence:.0%} "
            f"too many were wrong; {self.verified_from:.0%} is needed."
        )


@cache
def standard_calibration() -> Calibration:
    """The calibration that travels with R2C."""
    text = files("r2c.verdict").joinpath("calibration.json").read_text(encoding="utf-8")
    return Calibration.model_validate_json(text)


def features(outcome: Outcome, evidence: Sequence[Evidence]) -> dict[str, float] | None:
    """What is known of an answer by name of the feature; None where nothing was measured.

    That is where no votes were taken, and where there is no plan: the problems that answers are
    measured on all have one, so they say nothing of an "infeasible" that is right.

    Args:
        outcome: What solving gave.
        evidence: The evidence of one answer.
    """
    by_check = {item.check: item for item in evidence}
    votes = _number(by_check, "agreement", "votes")
    if votes is None or votes < 2 or outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return None
    share = _number(by_check, "agreement", "same_optimum") or 0.0
    model = _number(by_check, "agreement", "same_model") or 0.0
    smoothed = (votes * share + 1.0) / (votes + 2.0)
    failed = sum(item.passed is False for item in evidence if item.check not in _APART)
    numbers = by_check.get("number_coverage")
    loops = by_check.get("scope")
    return {
        "agreement": math.log(smoothed / (1.0 - smoothed)),
        "same_model": model,
        "failed": min(float(failed), 3.0),
        "invented": float(numbers is not None and bool(numbers.details.get("invented"))),
        "sets": float(loops is not None and loops.passed is not None),
        "numbers": math.log1p(_number(by_check, "number_coverage", "said") or 0.0),
    }


def _number(by_check: Mapping[str, Evidence], check: str, detail: str) -> float | None:
    found = by_check[check].details.get(detail) if check in by_check else None
    return float(found) if isinstance(found, int | float) else None
