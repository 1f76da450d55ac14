"""The Verifier agent: solves combinations of readings and keeps the one with the best evidence.

A combination loses the votes by which its readings fall behind the best ones; its score is what
is left less what the checks find against it (`r2c.verdict.rank`). Combinations are tried in order
of loss, so the search may stop as soon as no later one can win.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from r2c.agents.clauses import Clause
from r2c.agents.dialect import Dialect
from r2c.agents.given import NOTHING_GIVEN, Given
from r2c.agents.parser import Option
from r2c.agents.reading import Reading
from r2c.agents.roster import Choice
from r2c.archetypes.faults import structural_faults
from r2c.archetypes.load import standard_library
from r2c.cir.amend_model import Settled
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.errors import Fault, R2CError
from r2c.formulation import Solution
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain
from r2c.verdict.rank import Score, score_candidate

Picks = tuple[int, ...]
"""For each sentence, and last for the objective, the place of the option that is taken."""


@dataclass(frozen=True)
class Readings:
    """All options of one problem."""

    dialect: Dialect
    roster: tuple[Choice, ...]
    options: tuple[tuple[Option, ...], ...]
    goal: tuple[Option, ...]
    samples: int
    given: Given = NOTHING_GIVEN

    @property
    def problem(self) -> Problem:
        """The problem as it was read."""
        return self.dialect.problem

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """What was read one by one."""
        return self.dialect.clauses

    @property
    def best(self) -> Picks:
        """The first option everywhere."""
        return (0,) * (len(self.options) + 1)

    def loss(self, picks: Picks) -> float:
        """The votes by which the picked options fall behind the best ones."""
        lists = (*self.options, self.goal)
        return sum(of[0].score - of[pick].score for of, pick in zip(lists, picks, strict=True))

    def build(self, picks: Picks) -> CIR:
        """The CIR of the picked options, with the answers of the planner in it.

        Raises:
            R2CError: the readings do not fit together (R2C-G010), or are not well formed.
        """
        return self.settled(picks).cir

    def settled(self, picks: Picks) -> Settled:
        """As `build`, with the answers that found nothing to change."""
        made = self.dialect.assemble(self.roster, self.picked(picks), self.goal[picks[-1]].text)
        return self.given.settle(made, self.problem)

    def picked(self, picks: Picks) -> tuple[Reading, ...]:
        """The readings of the picked options, without what an answer has left out."""
        return tuple(
            Reading(clause, self.given.reading(of[pick].text))
            for clause, of, pick in zip(self.clauses, self.options, picks[:-1], strict=True)
        )


@dataclass(frozen=True)
class Trial:
    """A combination and what came of it."""

    picks: Picks
    score: Score
    cir: CIR | None = None
    solution: Solution | None = None
    fault: Fault | None = None

    @property
    def acceptable(self) -> bool:
        """Whether nothing speaks against it: a plan that does something, without findings."""
        return self.score.level == 3 and not any(self.score.findings.values())


def in_order_of_loss(readings: Readings) -> Iterator[Picks]:
    """All combinations, least loss first (best-first search over one step at a time)."""
    sizes = [len(of) for of in readings.options] + [len(readings.goal)]
    start = (0,) * len(sizes)
    seen = {start}
    heap = [(0.0, start)]
    while heap:
        _, picks = heapq.heappop(heap)
        yield picks
        for place, pick in enumerate(picks):
            if pick + 1 < sizes[place]:
                following = (*picks[:place], pick + 1, *picks[place + 1 :])
                if following not in seen:
                    seen.add(following)
                    heapq.heappush(heap, (readings.loss(following), following))


def try_combination(
    readings: Readings, picks: Picks, process: SolverProcess, limits: Limits
) -> Trial:
    """Build, solve and score one combination; every failure is a trial of level 0."""
    votes = readings.samples - readings.loss(picks)
    try:
        cir = readings.build(picks)
        faults = structural_faults(cir, standard_library())
        instance = bind(cir, readings.problem)
        model, unwritten = (
            (None, ()) if faults or instance.faults else attempt(cir, standard_library(), instance)
        )
        if model is None:
            first = next(iter((*faults, *instance.faults, *unwritten)))
            return Trial(picks, Score(0, votes, votes), cir, fault=first)
        solution = solve_plain(model, instance, limits, process=process)
        return Trial(
            picks, score_candidate(readings.problem, cir, solution, votes=votes), cir, solution
        )
    except R2CError as error:
        return Trial(picks, Score(0, votes, votes), fault=error.fault)


def search(
    readings: Readings,
    process: SolverProcess,
    limits: Limits,
    *,
    most: int = 40,
    deadline: float | None = None,
    trying: Callable[[Readings, Picks, SolverProcess, Limits], Trial] = try_combination,
) -> tuple[Trial, int]:
    """The best combination among at most `most`, and how many were tried.

    Args:
        readings: all options.
        process: the solver.
        limits: of one solve.
        most: the combinations tried at most.
        deadline: `time.monotonic()` after which no further one is tried.
        trying: what comes of one; another one weighs the findings in another way.
    """
    best: Trial | None = None
    tried = 0
    for picks in in_order_of_loss(readings):
        reachable = readings.samples - readings.loss(picks)
        settled = best is not None and best.score.level == 3 and best.score.value >= reachable
        late = deadline is not None and time.monotonic() > deadline
        if best is not None and (settled or late or tried >= most):
            break
        trial = trying(readings, picks, process, limits)
        tried += 1
        if best is None or trial.score > best.score:
            best = trial
    assert best is not None, "the first combination always exists"
    return best, tried
