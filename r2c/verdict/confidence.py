"""The probability that an answer is right: its raw score, scaled to what answers came to.

Platt, "Probabilistic outputs for support vector machines", 1999, without his change of targets:
p = 1 / (1 + exp(-(b + w x))) with the log-odds x of `r2c.verdict.raw_score`. It is about readings
that a language model made and votes were taken on; a model that somebody wrote has no confidence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from pydantic import Field

from r2c.formulation import Evidence, Outcome
from r2c.problem.schema import Frozen
from r2c.verdict.agreement import NAME as AGREEMENT
from r2c.verdict.raw_score import raw_score

FEATURES = ("score",)
"""What is known of an answer, in the order of the weights of a calibration."""
_SURE = 1e-3
"""Scores are kept this far from 0 and 1, so that their odds are finite."""


class Calibration(Frozen):
    """A fitted model, and what it was fitted to.

    An answer may be called verified from the confidence `verified_from` on: of `verified` answers
    with at least that, to problems that nobody had looked at, `verified_wrong` were wrong, and
    `bound`, the one-sided 95% bound of their share, is at most 5%. None where it is not: then the
    counts are those of the confidence with the lowest bound. A fit leaves it None and counts none,
    since the checks were tuned on most of its answers; `r2c bench calibration threshold` sets it.
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

    @property
    def told(self) -> str:
        """One sentence for the planner about the answers that are called verified."""
        return (
            f"Of {self.verified} answers that were measured with such a confidence, "
            f"{self.verified_wrong or 'none'} {'was' if self.verified_wrong < 2 else 'were'} wrong."
        )

    def why_not_enough(self, confidence: float) -> str:
        """One sentence for the planner about an answer that lacks confidence alone."""
        if self.verified_from is None:
            return (
                f"All checks have been passed, and the confidence is {_shown(confidence)}; but too "
                "few such answers have been measured to call it verified."
            )
        return (
            "All checks have been passed, but of answers with a confidence of "
            f"{_shown(confidence)} too many were wrong; {_shown(self.verified_from)} is needed."
        )


def _shown(share: float) -> str:
    """In percent, with a tenth where whole ones would all be 99 and 100."""
    return f"{share:.1%}" if 0.985 <= share < 1 else f"{share:.0%}"


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
    votes = next((item.details.get("votes") for item in evidence if item.check == AGREEMENT), None)
    plan = outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
    if not isinstance(votes, int | float) or votes < 2 or not plan:
        return None
    score = min(max(raw_score(outcome, evidence), _SURE), 1.0 - _SURE)
    return {"score": math.log(score / (1.0 - score))}
