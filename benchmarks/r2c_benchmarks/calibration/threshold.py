"""From which confidence on an answer may be called verified, by answers nobody had looked at.

Answers that the checks were tuned on say too little: all of them may be right. So `verified` begins
where the fewest of other answers that passed their checks are wrong; if even there it is not sure
that few enough are, nothing is verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from r2c.verdict.confidence import FEATURES, Calibration
from r2c_benchmarks.calibration.calibrate import rows_of
from r2c_benchmarks.calibration.judged import Judged
from r2c_evaluation.calibration import most_wrong

MOST_WRONG = 0.05
"""The share of wrong answers that `verified` may have, one-sided 95%."""

NOTE = (
    "Answers that passed every check, by the confidence that they have at least. Wrong: by the "
    "label. `verified` needs the confidence with the lowest bound, if that is at most 5%; else "
    "no reading is verified."
)


@dataclass(frozen=True)
class Step:
    """Passed answers with at least a confidence, how many of them are wrong, and the bound."""

    confidence: float
    count: int
    wrong: int

    @property
    def bound(self) -> float:
        """At most this share is wrong, one-sided 95%."""
        return round(most_wrong(self.wrong, self.count), 6)


def steps(answers: Sequence[Judged], calibration: Calibration) -> list[Step]:
    """One step for each confidence that an answer has which passed its checks, the highest first.

    Args:
        answers: To problems nobody had looked at, one a problem.
        calibration: Whose confidence it is.
    """
    passed = [
        # Rounded down, so that what sets the threshold reaches it.
        (int(calibration.confidence(dict(zip(FEATURES, row, strict=True))) * 1e6) / 1e6, item.right)
        for item, row in zip(*rows_of(answers), strict=True)
        if item.passed
    ]
    found = []
    for least in sorted({confidence for confidence, _ in passed}, reverse=True):
        kept = [right for confidence, right in passed if confidence >= least]
        found.append(Step(least, len(kept), len(kept) - sum(kept)))
    return found


def begun(calibration: Calibration, found: Sequence[Step]) -> Calibration:
    """The calibration that verifies from the step with the lowest bound on, if that is low enough.

    Of steps with one bound the last counts, which has most answers. Without a step nothing is.
    """
    best = min(reversed(found), key=lambda step: step.bound, default=Step(1.0, 0, 0))
    return calibration.model_copy(
        update={
            "verified_from": best.confidence if best.bound <= MOST_WRONG else None,
            "verified": best.count,
            "verified_wrong": best.wrong,
            "bound": best.bound,
        }
    )


def document(found: Sequence[Step], start: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The results file."""
    return {
        "summary": [
            {
                "confidence at least": f"{100 * step.confidence:.1f}%",
                "passed": step.count,
                "wrong": step.wrong,
                "share": f"{100 * step.wrong / step.count:.1f}%",
                "at most, one-sided 95%": f"{100 * step.bound:.1f}%",
            }
            for step in found
        ],
        "note": NOTE,
        "start": dict(start),
    }
