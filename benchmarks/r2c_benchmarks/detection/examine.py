"""What the checks say of a right model, and of models with one mistake each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from r2c.archetypes.faults import structural_faults
from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Outcome, Solution
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.solve import solve_plain
from r2c.verdict.judge import judge
from r2c.verdict.other_numbers import OtherNumbers
from r2c_benchmarks.detection.case import RIGHT, Effect, Finding
from r2c_benchmarks.detection.subject import Subject, needed
from r2c_benchmarks.mutations import Mutant, mutation, mutations

TRIES = 4
"""Mistakes of one kind in one model."""
DRAWS = 5
"""Other numbers that a mistake may show with."""
_MOST_DRAWS = 12
_SAME = 1e-6


@dataclass(frozen=True)
class Solved:
    """A model with its data and answer."""

    cir: CIR
    instance: Instance
    solution: Solution


class Examiner:
    """Examines models with one solver process."""

    def __init__(self, process: SolverProcess, seconds: float = 20.0) -> None:
        self._process, self._limits = process, Limits(seconds=seconds)
        self._library = standard_library()

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """The right model first, then each mistake; nothing if the right one has no optimum."""
        right = self.solved(subject.cir, subject.problem)
        if right is None or right.solution.outcome is not Outcome.OPTIMAL:
            return
        others = self._others(subject)
        yield Finding(
            kind=RIGHT,
            outcome=right.solution.outcome,
            failed=self._failed(subject.problem, right),
        )
        for kind in mutations():
            for number, mutant in enumerate(self._mutants(kind, subject)):
                place = f"{mutant.rule or ''} {number}".strip()
                yield self._mistaken(subject, kind, place, mutant, right.solution, others)

    def _mutants(self, kind: str, subject: Subject) -> Iterator[Mutant]:
        random = Random(f"{subject.id}/{kind}")
        seen: set[str] = {subject.cir.model_dump_json()}
        for _ in range(TRIES):
            found = mutation(kind).mutate(subject.cir, random)
            if found is None:
                return
            wrong = needed(found.cir)
            told = wrong.model_dump_json()
            if told not in seen:
                seen.add(told)
                yield replace(found, cir=wrong)

    def _mistaken(
        self,
        subject: Subject,
        kind: str,
        place: str,
        mutant: Mutant,
        right: Solution,
        others: list[tuple[OtherNumbers, Solution]],
    ) -> Finding:
        found = self.solved(mutant.cir, subject.problem)
        about = Finding(kind=kind, place=place)
        if found is None:
            return about.model_copy(update={"effect": "refused"})
        effect: Effect = "told" if differs(found.solution, right) else "none"
        if effect == "none" and any(
            (other := self.solved(draw.cir(mutant.cir), draw.problem(subject.problem))) is None
            or differs(other.solution, solution)
            for draw, solution in others
        ):
            effect = "other"
        return about.model_copy(
            update={
                "effect": effect,
                "outcome": found.solution.outcome.value,
                "failed": self._failed(subject.problem, found),
            }
        )

    def _others(self, subject: Subject) -> list[tuple[OtherNumbers, Solution]]:
        """Draws of other numbers for which the right model has an optimum."""
        kept: list[tuple[OtherNumbers, Solution]] = []
        for number in range(_MOST_DRAWS):
            draw = OtherNumbers(number)
            found = self.solved(draw.cir(subject.cir), draw.problem(subject.problem))
            if found is not None and found.solution.outcome is Outcome.OPTIMAL:
                kept.append((draw, found.solution))
            if len(kept) == DRAWS:
                break
        return kept

    def solved(self, cir: CIR, problem: Problem) -> Solved | None:
        """A model with its answer; None if there is no model to solve."""
        try:
            if structural_faults(cir, self._library):
                return None
            instance = bind(cir, problem)
            if instance.faults:
                return None
            model, _ = attempt(cir, self._library, instance)
            if model is None:
                return None
            return Solved(cir, instance, self._solve(model, instance, self._limits.seconds))
        except R2CError:
            return None

    def _solve(self, model: PlainModel, instance: Instance, seconds: float) -> Solution:
        limits = replace(self._limits, seconds=min(self._limits.seconds, seconds))
        return solve_plain(model, instance, limits, process=self._process)

    def _failed(self, problem: Problem, found: Solved) -> dict[str, str]:
        verdict = judge(
            problem, found.cir, found.solution, found.instance, self._library, solver=self._solve
        )
        failed = {item.check: item.message for item in verdict.evidence if item.passed is False}
        if found.solution.outcome is not Outcome.OPTIMAL:
            failed["outcome"] = found.solution.outcome.value
        return failed


def differs(one: Solution, other: Solution) -> bool:
    """Whether two answers are not the same."""
    if one.objective is None or other.objective is None:
        return one.outcome != other.outcome
    return abs(one.objective - other.objective) > _SAME * max(1.0, abs(other.objective))
