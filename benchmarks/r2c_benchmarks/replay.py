"""A finished problem searched again among the readings it kept, with something left out.

No language model is asked, so what repair, checks and costs add can be told from one run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from r2c.agents.parser import Option
from r2c.agents.verifier import Picks, Readings, Trial, search, try_combination
from r2c.errors import InputError, declare
from r2c.formulation import Outcome, Usage
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.rank import Score, Weights
from r2c_benchmarks.saved_readings import SavedReadings, readings_of

OTHER_PARTS = declare(
    "R2C-B056",
    InputError,
    what="The problem {id!r} has other sentences to read today than when it was run.",
    why="Its readings were kept at commit {commit!r}; the reader has changed since.",
    remedy="Check out that commit, or run the problems again into a new folder.",
)
LEVELS: Mapping[str, int] = {"no_plan": 1, "nothing_planned": 2}
"""Checks of the outcome: they do not cost votes, a candidate they speak against ranks lower."""
CHECKS = (*LEVELS, *(field.name for field in fields(Weights)))
_PLAN = 3


@dataclass(frozen=True)
class Variant:
    """What is left out of a search.

    Attributes:
        name: For the table.
        meaning: A line that explains it.
        without: The checks that count for nothing.
        repaired: Whether the readings after repairs are taken.
        preferred: Whether what the words say against a reading costs it votes.
        most: The combinations tried at most.
    """

    name: str
    meaning: str
    without: frozenset[str] = frozenset()
    repaired: bool = True
    preferred: bool = True
    most: int = 40


FULL = Variant("everything", "all readings of the run, all checks")
VARIANTS = (
    FULL,
    Variant("no repair", "the readings before the first repair", repaired=False),
    Variant("no checks, no repair", "of these the first of each", repaired=False, most=1),
    Variant("no findings", "only outcomes order candidates", frozenset(CHECKS) - set(LEVELS)),
    Variant("no costs of words", "readings ordered by votes alone", preferred=False),
    *(Variant(f"no {name}", "this check is not asked", frozenset({name})) for name in CHECKS),
)


@dataclass(frozen=True)
class Found:
    """What a search came to; `seconds` is the time of its trials, `usage` that of the readings."""

    outcome: Outcome
    objective: float | None
    tried: int
    seconds: float
    usage: Usage


class Replay:
    """One problem with its kept readings; a combination is solved once for all variants."""

    def __init__(
        self, problem: Problem, saved: SavedReadings, process: SolverProcess, limits: Limits
    ) -> None:
        """Nothing is solved yet."""
        self._problem = problem
        self._saved = saved
        self._process = process
        self._limits = limits
        self._solved: dict[object, tuple[Trial, float]] = {}

    def search(self, variant: Variant, seconds: float) -> Found | None:
        """The best combination of a variant; None if the problem now has other sentences.

        Args:
            variant: What is left out.
            seconds: The time after which no further combination is tried.
        """
        of = self._saved.last if variant.repaired else self._saved.first
        readings = readings_of(self._problem, self._saved, of)
        if readings is None:
            return None
        if not variant.preferred:
            readings = by_votes(readings)
        spent = 0.0

        def trying(of: Readings, picks: Picks, process: SolverProcess, limits: Limits) -> Trial:
            nonlocal spent
            trial, took = self._trial(of, picks, process, limits)
            spent += took
            return weighed(trial, picks, of.samples - of.loss(picks), variant.without)

        best, tried = search(
            readings,
            self._process,
            self._limits,
            most=variant.most,
            deadline=time.monotonic() + seconds,
            trying=trying,
        )
        if best.solution is None:
            return Found(Outcome.UNSUPPORTED, None, tried, spent, of.usage)
        return Found(best.solution.outcome, best.solution.objective, tried, spent, of.usage)

    def _trial(
        self, readings: Readings, picks: Picks, process: SolverProcess, limits: Limits
    ) -> tuple[Trial, float]:
        lists = (*readings.options, readings.goal)
        texts = tuple(of[pick].text for of, pick in zip(lists, picks, strict=True))
        key = (readings.roster, texts)
        if key not in self._solved:
            began = time.monotonic()
            trial = try_combination(readings, picks, process, limits)
            self._solved[key] = trial, time.monotonic() - began
        return self._solved[key]


def by_votes(readings: Readings) -> Readings:
    """The readings ordered by votes alone; of equal ones the first by letters comes first."""

    def ordered(options: tuple[Option, ...]) -> tuple[Option, ...]:
        plain = (Option(item.text, item.votes, float(item.votes), item.asked) for item in options)
        return tuple(sorted(plain, key=lambda item: (-item.votes, item.text)))

    return replace(
        readings,
        options=tuple(map(ordered, readings.options)),
        goal=ordered(readings.goal),
    )


def weighed(trial: Trial, picks: Picks, votes: float, without: frozenset[str]) -> Trial:
    """A trial scored anew, as `r2c.verdict.rank` scores it but for the checks left out."""
    score, weights = trial.score, Weights()
    cost = sum(
        getattr(weights, name) * count
        for name, count in score.findings.items()
        if name not in without
    )
    ignored = {level for name, level in LEVELS.items() if name in without}
    level = _PLAN if score.level in ignored else score.level
    return replace(trial, picks=picks, score=Score(level, votes - cost, votes, score.findings))
