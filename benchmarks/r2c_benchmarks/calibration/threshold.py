"""From which confidence on an answer may be called verified, by answers nobody had looked at.

Answers that the checks were tuned on say too little: all of them may be right. So the confidence
that `verified` needs is raised to where the fewest of the verified answers of other runs are wrong;
if even there it is not sure that few enough are, nothing is verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from r2c.verdict.confidence import Calibration
from r2c_benchmarks.calibration.calibrate import MOST_WRONG
from r2c_benchmarks.record import Record
from r2c_benchmarks.score import matches
from r2c_evaluation.calibration import most_wrong

NOTE = (
    "Answers that passed every check, by the confidence that they have at least. Wrong: by the "
    "label. `verified` needs the confidence with the lowest bound, if that is at most 5%; else "
    "no reading is verified."
)


@dataclass(frozen=True)
class Step:
    """Verified answers with at least a confidence, how many of them are wrong, and the bound."""

    confidence: float
    count: int
    wrong: int

    @property
    def bound(self) -> float:
        """At most this share is wrong, one-sided 95%."""
        return round(most_wrong(self.wrong, self.count), 6)


def steps(records: Iterable[Record]) -> list[Step]:
    """One step for each confidence that a verified answer has, the highest first.

    Args:
        records: Of runs of R2C on problems nobody had looked at; of several of one problem the
            last counts.
    """
    known = {record.name: record for record in records}
    verified = [
        (confidence, matches(record))
        for record in known.values()
        if record.details.get("trust") == "verified"
        and isinstance(confidence := record.details.get("confidence"), float)
    ]
    found = []
    for least in sorted({confidence for confidence, _ in verified}, reverse=True):
        kept = [right for confidence, right in verified if confidence >= least]
        found.append(Step(least, len(kept), len(kept) - sum(kept)))
    return found


def raised(calibration: Calibration, found: Sequence[Step]) -> Calibration:
    """The calibration with the threshold of the step with the lowest bound, if that is low enough.

    What a run did not verify is in no step, so the threshold of that run can only be raised.
    Without a step it stays.
    """
    if not found:
        return calibration
    best = min(reversed(found), key=lambda step: step.bound)
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
                "verified": step.count,
                "wrong": step.wrong,
                "share": f"{100 * step.wrong / step.count:.1f}%",
                "at most, one-sided 95%": f"{100 * step.bound:.1f}%",
            }
            for step in found
        ],
        "note": NOTE,
        "start": dict(start),
    }
