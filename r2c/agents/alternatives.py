"""The other formulations that the samples of one place come to, for the check of agreement."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

from r2c.agents.verifier import Readings, Trial, try_combination
from r2c.cir.canonical import digest
from r2c.formulation import Outcome
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.agreement import SAMPLES, SHARE, agreement_of
from r2c.verdict.alternative import Alternative
from r2c.verdict.other_optima import OtherOptima
from r2c.verdict.renamed import renamed

_SHORTEST = 0.1
"""Seconds below which a solve is not begun."""
_LUCK = 5.0
"""Seconds for solving with other numbers, to tell agreement from luck."""


def alternatives(
    readings: Readings,
    best: Trial,
    process: SolverProcess,
    limits: Limits,
    deadline: float = math.inf,
) -> tuple[Alternative, ...]:
    """One formulation a sample, all with the reading of the least certain place by that sample.

    Sentences are read one by one, so no sample made a whole formulation. What can be said is how
    many samples of a place come to the answer when all else is kept; the place with the fewest is
    what the answer hangs on; before places where most do come stands one that the budget left
    with too few samples. A sample without a sound reading there agrees with nobody, and neither
    does one that could not be solved before the `deadline`, a `time.monotonic()`. One that
    comes to the answer only with the numbers that are told is `apart`.
    """
    lists = (*readings.options, readings.goal)
    elsewhere = None
    if best.cir is not None and best.solution is not None:
        until = min(deadline, time.monotonic() + _LUCK)
        elsewhere = OtherOptima(readings.problem, best.cir, process, limits, until)
    found = (
        _of_place(readings, best, place, process, limits, deadline, elsewhere)
        for place, options in enumerate(lists)
        if options
    )
    return min(found, key=lambda others: _agreement(others, best), default=())


def _of_place(
    readings: Readings,
    best: Trial,
    place: int,
    process: SolverProcess,
    limits: Limits,
    deadline: float,
    elsewhere: OtherOptima | None,
) -> tuple[Alternative, ...]:
    lists = (*readings.options, readings.goal)
    found: list[Alternative] = []
    for pick, option in enumerate(lists[place]):
        own = pick == best.picks[place]
        # The judged formulation brings its own vote, so one of its voters is left out here.
        weight = float(option.votes - (1 if own else 0))
        if weight > 0:
            picks = (*best.picks[:place], pick, *best.picks[place + 1 :])
            left = deadline - time.monotonic()
            if own:
                found.append(_told(best, weight))
            elif left > _SHORTEST:
                within = replace(limits, seconds=min(limits.seconds, left))
                trial = try_combination(readings, picks, process, within)
                found.append(_compared(trial, weight, best, elsewhere))
            else:
                found.append(Alternative("", None, Outcome.LIMIT, weight))
    drawn = lists[place][best.picks[place]].asked or readings.samples
    missing = drawn - 1 - sum(item.weight for item in found)
    if missing > 0:
        found.append(Alternative("", None, Outcome.UNSUPPORTED, missing))
    return tuple(found)


def _told(trial: Trial, weight: float) -> Alternative:
    if trial.cir is None or trial.solution is None:
        return Alternative("", None, Outcome.UNSUPPORTED, weight)
    solution = trial.solution
    return Alternative(digest(trial.cir), solution.objective, solution.outcome, weight)


def _compared(
    trial: Trial, weight: float, best: Trial, elsewhere: OtherOptima | None
) -> Alternative:
    """An alternative; one with the optimum of the best is solved with other numbers as well."""
    told = _told(trial, weight)
    if elsewhere is None or trial.cir is None or best.cir is None or best.solution is None:
        return told
    alike = agreement_of(best.cir, best.solution, (replace(told, weight=1.0),))
    if alike.same_optimum < 1 or alike.same_model == 1:
        return told
    if renamed(best.cir, trial.cir, elsewhere.problem) is not None:
        return replace(told, digest=digest(best.cir))
    return replace(told, apart=elsewhere.apart(trial.cir))


def _agreement(others: Sequence[Alternative], best: Trial) -> tuple[int, float, float]:
    """How far a place speaks for the best: not, too few readings to tell, or enough of them.

    Then how many come to its answer, and how many of them not by luck.
    """
    if best.cir is None or best.solution is None:
        return 0, 0.0, 0.0
    found = agreement_of(best.cir, best.solution, others)
    enough = 1 if found.votes < SAMPLES else 2 * (found.same_optimum >= SHARE)
    return enough, found.same_optimum, -found.by_luck
