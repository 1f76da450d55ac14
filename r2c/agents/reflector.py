"""The Reflector agent: finds the reading that is most likely at fault and says what to do with it.

The diagnosis is deterministic: the most damaging thing that solving and the checks found, with its
sentence and numbers, goes to the stage that can mend it (a sentence, the objective, the decisions);
where nothing found has a place, to the least certain sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from r2c.agents.plain.assemble import UNKNOWN_MEASURE
from r2c.agents.verifier import Picks, Readings, Trial
from r2c.formulation import Outcome
from r2c.verdict.findings import Finding

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SCALES = (1.0, 0.01, 100.0, 1000.0, 1e6)
"""What a number may be divided by where it is read."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What to read again, and why.

    `place` is the clause for `sentence`, unused otherwise; `check` found the reason, if one did.
    """

    stage: Literal["decisions", "sentence", "objective"]
    place: int
    reason: str
    check: str = ""


def diagnose(
    readings: Readings, trial: Trial, looked_at: Sequence[str], found: Sequence[Finding] = ()
) -> Diagnosis | None:
    """The next thing to read again; None if there is nothing left worth a try.

    Args:
        readings: all options.
        trial: the best combination so far.
        looked_at: keys of the diagnoses already acted upon (see `key`).
        found: what speaks against the combination, the most damaging first
            (`r2c.agents.against`).
    """
    if trial.acceptable and not found:
        return None
    worth = _in_order(readings, trial, found)
    return next((one for one in worth if key(one) not in looked_at), None)


def _in_order(readings: Readings, trial: Trial, found: Sequence[Finding]) -> Iterator[Diagnosis]:
    """All that may be read again, what mends most first."""
    reason = _reason(trial)
    unread = any(
        clause.slots and not of[0].votes
        for clause, of in zip(readings.clauses, readings.options, strict=True)
    )
    if unread:
        yield Diagnosis("decisions", 0, f"{reason} A sentence could not be read.")
    if trial.fault is not None and trial.fault.code == UNKNOWN_MEASURE.code:
        yield Diagnosis("decisions", 1, f"{reason} Other quantities seem to be decided.")
    for item in found:
        yield from _named(item, readings, trial.picks)
    if trial.acceptable:
        return
    for place in sorted(range(len(readings.clauses)), key=partial(_certainty, readings)):
        if _certainty(readings, place) < 1.0:
            yield Diagnosis("sentence", place, reason)
    if trial.score.level < 3:
        yield Diagnosis("objective", 0, reason)
        yield Diagnosis("decisions", 0, reason)


def _named(finding: Finding, readings: Readings, picks: Picks) -> Iterator[Diagnosis]:
    """What a finding asks to be read again: of several sentences the least certain first."""
    if finding.about != "sentence":
        yield Diagnosis(finding.about, 0, finding.message, finding.check)
        return
    places = [
        place
        for place, clause in enumerate(readings.clauses)
        if clause.sentence in finding.sentences and _may_mend(finding, readings, picks, place)
    ]
    for place in sorted(places, key=partial(_certainty, readings)):
        yield Diagnosis("sentence", place, finding.message, finding.check)


def _may_mend(finding: Finding, readings: Readings, picks: Picks, place: int) -> bool:
    """Whether reading the sentence again can help against the finding.

    It cannot where the words alone settle the reading, where the number that the model does not
    use was read and something else fails to use it, and where rules clash that every sample read
    alike: then the problem itself has no plan.
    """
    if readings.dialect.settled(readings.clauses[place], readings.roster) is not None:
        return False
    if finding.check == "infeasible":
        return _certainty(readings, place) < 1.0
    read = [float(found) for found in _NUMBER.findall(readings.options[place][picks[place]].text)]
    return not finding.unused or not all(_is_read(value, read) for value in finding.unused)


def _is_read(value: float, read: Sequence[float]) -> bool:
    """Whether a number stands in a reading: 60% as 0.6 or 60, 32 thousand as 32000 or 32."""
    return any(
        math.isclose(abs(value), found * scale, rel_tol=1e-9) for found in read for scale in _SCALES
    )


def key(diagnosis: Diagnosis) -> str:
    """A short name under which a diagnosis is remembered.

    A sentence is read again once for each check: what another one has against it is news.
    """
    return f"{diagnosis.stage} {diagnosis.place} {diagnosis.check}".strip()


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
