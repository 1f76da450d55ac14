"""The Reflector agent: finds the reading that is most likely at fault and says what to do with it.

The diagnosis is deterministic: what the checks found against the best combination, traced to a
sentence. The remedy is a fresh look at that sentence, or at the decisions if nothing fits; a
repair that does not score better is dropped by the Verifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from r2c.agents.plain.assemble import UNKNOWN_MEASURE
from r2c.agents.verifier import Readings, Trial
from r2c.formulation import Outcome


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What to read again, and why.

    `place` is the clause for `sentence`, unused otherwise.
    """

    stage: Literal["decisions", "sentence", "objective"]
    place: int
    reason: str


def diagnose(readings: Readings, trial: Trial, looked_at: Sequence[str]) -> Diagnosis | None:
    """The next thing to read again; None if there is nothing left worth a try.

    Args:
        readings: all options.
        trial: the best combination so far.
        looked_at: keys of the diagnoses already acted upon (see `key`).
    """
    if trial.acceptable:
        return None
    reason = _reason(trial)
    unread = any(
        clause.slots and not of[0].votes
        for clause, of in zip(readings.clauses, readings.options, strict=True)
    )
    rename = Diagnosis("decisions", 0, f"{reason} A sentence could not be read.")
    if unread and key(rename) not in looked_at:
        return rename
    unknown = trial.fault is not None and trial.fault.code == UNKNOWN_MEASURE.code
    misnamed = Diagnosis("decisions", 1, f"{reason} Other quantities seem to be decided.")
    if unknown and key(misnamed) not in looked_at:
        return misnamed
    places = sorted(range(len(readings.clauses)), key=lambda place: _certainty(readings, place))
    for place in places:
        found = Diagnosis("sentence", place, reason)
        if key(found) not in looked_at and _certainty(readings, place) < 1.0:
            return found
    for found in (Diagnosis("objective", 0, reason), Diagnosis("decisions", 0, reason)):
        if key(found) not in looked_at and trial.score.level < 3:
            return found
    return None


def key(diagnosis: Diagnosis) -> str:
    """A short name under which a diagnosis is remembered."""
    return f"{diagnosis.stage} {diagnosis.place}"


def _certainty(readings: Readings, place: int) -> float:
    """How far the best option of a sentence is ahead, in 0 to 1."""
    options = readings.options[place]
    if not options or not options[0].votes:
        return 0.0
    second = options[1].score if len(options) > 1 else 0.0
    return max(0.0, min(1.0, (options[0].score - second) / readings.samples))


def _reason(trial: Trial) -> str:
    if trial.fault is not None:
        return trial.fault.what
    outcome = None if trial.solution is None else trial.solution.outcome
    if outcome is Outcome.INFEASIBLE:
        return "No plan keeps all rules as they were read."
    if outcome is Outcome.UNBOUNDED:
        return "The objective has no limit: a rule seems to be missing."
    if trial.score.level == 2:
        return "The best plan is to do nothing: a requirement seems to be missing."
    found = [name.replace("_", " ") for name, count in trial.score.findings.items() if count]
    return f"The checks found: {', '.join(found)}." if found else f"The outcome is {outcome}."
