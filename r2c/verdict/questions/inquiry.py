"""Everything that only the planner can settle about a problem that has a model.

What is asked depends on the model: a point is worth a question if its readings differ in what the
best plan is worth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from r2c.cir.amend_model import edited
from r2c.cir.amend_tables import amended
from r2c.cir.asked import Asked
from r2c.cir.edits import Edit
from r2c.cir.instance import bind
from r2c.cir.schema import CIR, Assumption
from r2c.cir.write import number
from r2c.formulation import Outcome, Solution
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.domains import SECONDS
from r2c.verdict.questions.beside_table import beside_table
from r2c.verdict.questions.doubt import Doubt
from r2c.verdict.questions.empty_cells import empty_cells
from r2c.verdict.questions.missing_number import missing_numbers
from r2c.verdict.questions.percent_base import percent_base
from r2c.verdict.questions.periods import periods
from r2c.verdict.questions.told_twice import told_twice
from r2c.verdict.questions.unit_readings import unit_readings
from r2c.verdict.questions.weigh import told, weighed
from r2c.verdict.sources import drawn

_FINDERS = (told_twice, beside_table, unit_readings, periods, percent_base)


@dataclass(frozen=True)
class Trying:
    """Solves a problem once more after some edits."""

    problem: Problem
    cir: CIR
    limits: Limits
    process: SolverProcess

    def __call__(self, edits: Sequence[Edit]) -> Solution | None:
        """The solution; None if the edits leave no model, or the data are not whole."""
        from r2c.archetypes.faults import structural_faults
        from r2c.archetypes.load import standard_library
        from r2c.model.reformulate import attempt
        from r2c.solve.solve import solve_plain

        problem = amended(self.problem, [("", edit) for edit in edits])
        cir = edited(self.cir, edits, "")
        if cir is None or structural_faults(cir, standard_library()):
            return None
        instance = bind(cir, problem)
        if instance.faults:
            return None
        model, _ = attempt(cir, standard_library(), instance)
        if model is None:
            return None
        limits = replace(self.limits, seconds=min(self.limits.seconds, SECONDS))
        return solve_plain(model, instance, limits, process=self.process)


def inquired(
    problem: Problem, cir: CIR, solution: Solution, trying: Trying, answered: Collection[str]
) -> tuple[tuple[Asked, ...], tuple[Assumption, ...]]:
    """The questions with their defaults, and what is assumed because it makes no difference.

    Args:
        problem: the problem as it was solved.
        cir: its model.
        solution: the solution of the model.
        trying: solves other readings.
        answered: ids of the questions that have an answer already.
    """
    if not problem.text.strip():
        return (), ()
    doubts = [item for item in _doubts(problem, cir) if item.asked.id not in answered]
    if not doubts:
        return (), ()
    sense = cir.objectives[0].sense if cir.objectives else "min"
    dear = solution.seconds > SECONDS
    return weighed(doubts, solution, sense, (lambda edits: None) if dear else trying)


def _doubts(problem: Problem, cir: CIR) -> Iterator[Doubt]:
    used = drawn(cir, problem)
    for find in _FINDERS:
        yield from find(problem, cir, used)


def lacking(problem: Problem, cir: CIR, answered: Collection[str]) -> tuple[Asked, ...]:
    """The questions about numbers that nobody gives: limits in words, cells of tables."""
    found = list(missing_numbers(problem, cir))
    if any(None in row for table in problem.tables for row in table.rows):
        found += empty_cells(problem, cir, drawn(cir, problem))
    return tuple(item for item in found if item.id not in answered)


def with_outcomes(waiting: Sequence[Asked], trying: Trying) -> tuple[Asked, ...]:
    """Open questions with what each of their answers comes to, where a single one is open."""
    if len(waiting) != 1 or waiting[0].kind != "choice":
        return tuple(waiting)
    options = []
    for option in waiting[0].options:
        found = trying(option.edits)
        outcome = None if found is None or found.outcome is Outcome.LIMIT else found
        options.append(
            option
            if outcome is None
            else option.model_copy(
                update={"outcome": outcome.outcome.value, "objective": outcome.objective}
            )
        )
    asked = waiting[0].model_copy(update={"options": tuple(options)})
    weighed_up = told(asked)
    return (weighed_up if weighed_up.consequence else waiting[0],)


def without_limit(asked: Sequence[Asked], solution: Solution) -> tuple[Asked, ...]:
    """Questions about numbers that are missing, with what the plan is worth without them."""
    if solution.objective is not None:
        best = f"without it the best plan is worth {number(float(f'{solution.objective:.9g}'))}"
    elif solution.outcome is Outcome.UNBOUNDED:
        best = "without it nothing limits the plan"
    else:
        best = "without it no plan keeps all rules"
    told_all = f"Nothing can be planned before this is known; {best}."
    return tuple(
        item if item.consequence else item.model_copy(update={"consequence": told_all})
        for item in asked
    )
