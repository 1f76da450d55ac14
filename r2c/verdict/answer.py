"""From a CIR and its data to a judged answer, with every failure told as data.

Check, bind, reformulate, solve, judge. No language model is needed, and heavy libraries are loaded
while the solver process already starts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from r2c.cir.check import check, is_structural
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import Fault, InputError, R2CError
from r2c.formulation import Conflict, Evidence, Formulation, Outcome, Solution, Trust, Usage
from r2c.problem.files import Attached
from r2c.problem.read import TableSource, read_tables
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.alternative import Alternative
from r2c.verdict.questions import is_question, question
from r2c.verdict.read_cir import CIRSource, read_cir

if TYPE_CHECKING:
    from r2c.model.plain import PlainModel

Data = Mapping[str, TableSource] | Sequence[Path | str | Attached] | Path | str | None
"""Tables by name, or paths of CSV, JSON or XLSX files or of a folder with them."""


def solve(
    cir: CIRSource,
    data: Data = None,
    *,
    limits: Limits | None = None,
    problem: Problem | None = None,
) -> Formulation:
    """Solve a CIR and say how far the answer may be believed.

    Args:
        cir: The model: a CIR, its JSON object or text, or the path of a JSON file.
        data: The tables it reads, unless `problem` holds them.
        limits: Time, memory, threads and gap of a solve.
        problem: The words it was made from; with them numbers, quotes and directions are checked.

    Returns:
        Always a formulation: faults of the model give the outcome `unsupported`, missing data
        `needs_input` with questions, rules that exclude each other a conflict.
    """
    began = time.monotonic()
    answer = _answered(cir, data, limits or Limits(), problem or Problem(text=""))
    return answer.model_copy(update={"usage": Usage(seconds=time.monotonic() - began)})


async def asolve(
    cir: CIRSource,
    data: Data = None,
    *,
    limits: Limits | None = None,
    problem: Problem | None = None,
) -> Formulation:
    """`solve` in a thread of its own, for callers that must not wait."""
    return await asyncio.to_thread(solve, cir, data, limits=limits, problem=problem)


def _answered(source: CIRSource, data: Data, limits: Limits, problem: Problem) -> Formulation:
    cir, faults = read_cir(source)
    if cir is None:
        return _refused(problem, None, Outcome.UNSUPPORTED, faults)
    try:
        tables = read_tables(data, [table.name for table in problem.tables])
    except InputError as error:
        return _refused(problem, cir, Outcome.NEEDS_INPUT, (error.fault,))
    problem = problem.model_copy(update={"tables": (*problem.tables, *tables)})
    with SolverProcess(limits.threads) as process:
        return solve_problem(problem, cir, limits, process)


def solve_problem(
    problem: Problem,
    cir: CIR,
    limits: Limits,
    process: SolverProcess,
    *,
    alternatives: Sequence[Alternative] = (),
) -> Formulation:
    """Check, bind, solve and judge one CIR with the tables of its problem.

    `alternatives` are other formulations of the problem, for the check of agreement.
    """
    found = [fault for fault in check(cir) if is_structural(fault)]
    if found:
        return _refused(problem, cir, Outcome.UNSUPPORTED, tuple(found))
    instance = bind(cir, problem)
    if instance.faults:
        asked = all(map(is_question, instance.faults))
        outcome = Outcome.NEEDS_INPUT if asked else Outcome.UNSUPPORTED
        return _refused(problem, cir, outcome, instance.faults)
    try:
        return _Solving(problem, cir, instance, limits, process, alternatives).formulation()
    except R2CError as error:
        return _refused(problem, cir, Outcome.UNSUPPORTED, (error.fault,))


@dataclass
class _Solving:
    """One bound CIR on its way to a formulation."""

    problem: Problem
    cir: CIR
    instance: Instance
    limits: Limits
    process: SolverProcess
    alternatives: Sequence[Alternative] = ()

    def formulation(self) -> Formulation:
        from r2c.archetypes.load import standard_library
        from r2c.cir.canonical import digest
        from r2c.cir.latex import latex_model
        from r2c.model.reformulate import attempt
        from r2c.verdict.judge import judge

        library = standard_library()
        model, faults = attempt(self.cir, library, self.instance)
        if model is None:
            return _refused(self.problem, self.cir, Outcome.UNSUPPORTED, faults)
        solution, conflict = self._solved(model)
        verdict = judge(
            self.problem,
            self.cir,
            solution,
            self.instance,
            library,
            self.alternatives,
            solver=self._again,
        )
        return Formulation(
            id=digest(self.cir)[:16],
            problem=self.problem,
            cir=self.cir,
            outcome=solution.outcome,
            trust=verdict.trust,
            confidence=verdict.confidence,
            solution=solution,
            choices=model.choices,
            evidence=(
                *verdict.evidence,
                *_noted(self.instance.notes),
                _told(verdict.message, verdict.score),
            ),
            conflict=conflict,
            questions=self.cir.questions,
            faults=() if solution.fault is None else (solution.fault,),
            latex=latex_model(model),
        )

    def _again(self, model: PlainModel, instance: Instance) -> Solution:
        from r2c.solve.solve import solve_plain
        from r2c.verdict.domains import SECONDS

        limits = replace(self.limits, seconds=min(self.limits.seconds, SECONDS))
        return solve_plain(model, instance, limits, process=self.process)

    def _solved(self, model: PlainModel) -> tuple[Solution, Conflict | None]:
        from r2c.solve.solve import solve_plain

        solution = solve_plain(model, self.instance, self.limits, process=self.process)
        conflict = None
        if solution.outcome is Outcome.INFEASIBLE:
            from r2c.verdict.conflict import conflict_told

            conflict = conflict_told(model, self.instance, self.limits, self.process)
        elif solution.outcome is Outcome.UNBOUNDED:
            from r2c.verdict.unbounded import without_limit

            fault = without_limit(model, self.instance, self.limits, self.process)
            solution = solution.model_copy(update={"fault": fault})
        return solution, conflict


def _noted(notes: Sequence[str]) -> Iterator[Evidence]:
    """What was noticed while the data were read; it stops nothing, and must not go unsaid."""
    if notes:
        yield Evidence(check="data", passed=None, message=" ".join(notes))


def _told(message: str, score: float) -> Evidence:
    return Evidence(check="verdict", passed=None, message=message, details={"score": score})


def _refused(
    problem: Problem, cir: CIR | None, outcome: Outcome, faults: tuple[Fault, ...]
) -> Formulation:
    """The answer where there is nothing to solve."""
    asked = [fault for fault in faults if is_question(fault)]
    return Formulation(
        problem=problem,
        cir=cir,
        outcome=outcome,
        trust=Trust.PLAUSIBLE if outcome is Outcome.NEEDS_INPUT else Trust.REJECTED,
        questions=(
            *(() if cir is None else cir.questions),
            *(question(fault, number) for number, fault in enumerate(asked, 1)),
        ),
        faults=faults,
    )
