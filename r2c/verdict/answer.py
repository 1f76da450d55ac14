"""From a CIR and its data to a judged answer, with every failure told as data.

Check, bind, reformulate, solve, judge. No language model is needed, and heavy libraries are loaded
while the solver process already starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from r2c.cir.amend_model import settled
from r2c.cir.amend_tables import amended
from r2c.cir.asked import Asked, effects, marked
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR, Assumption
from r2c.errors import Fault, InputError, R2CError
from r2c.formulation import Conflict, Evidence, Formulation, Outcome, Solution, Trust
from r2c.problem.files import Attached
from r2c.problem.read import TableSource, read_tables
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.alternative import Alternative
from r2c.verdict.questions.data_faults import is_question
from r2c.verdict.questions.draft import Draft, drafted
from r2c.verdict.questions.replies import Reply, replied
from r2c.verdict.questions.weigh import told
from r2c.verdict.read_cir import CIRSource, read_cir

if TYPE_CHECKING:
    from r2c.model.plain import PlainModel


@dataclass(frozen=True)
class Answered:
    """The questions that have answers; `known` are ids of others that need not be asked."""

    questions: tuple[Asked, ...] = ()
    known: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the questions."""
        return self.known.union(item.id for item in self.questions)

    def with_those_of(self, cir: CIR) -> Answered:
        """With the questions that the model itself keeps answers to."""
        kept = (item.id for item in cir.questions if item.answer is not None)
        return replace(self, known=self.known.union(kept))


NOTHING_ANSWERED = Answered()
Data = Mapping[str, TableSource] | Sequence[Path | str | Attached] | Path | str | None
"""Tables by name, or paths of CSV, JSON or XLSX files or of a folder with them."""


def solve(
    cir: CIRSource,
    data: Data = None,
    *,
    limits: Limits | None = None,
    problem: Problem | None = None,
    answers: Mapping[str, Reply] | None = None,
) -> Formulation:
    """Solve a CIR and say how far the answer may be believed.

    Args:
        cir: The model: a CIR, its JSON object or text, or the path of a JSON file.
        data: The tables it reads, unless `problem` holds them.
        limits: Time, memory, threads and gap of a solve.
        problem: The words it was made from; with them numbers, quotes and directions are checked.
        answers: To questions, by their ids; those that only come up after others count as well.

    Returns:
        A formulation: faults of the model give the outcome `unsupported`, missing data
        `needs_input` with questions, rules that exclude each other a conflict.

    Raises:
        InputError: R2C-V050 to R2C-V055 for an answer that fits no question.
    """
    from r2c.verdict.manifest import accounted

    began, limits = datetime.now(UTC), limits or Limits()
    answer = _answered(cir, data, limits, problem or Problem(text=""), answers or {})
    return accounted(answer, began, limits)


async def asolve(
    cir: CIRSource,
    data: Data = None,
    *,
    limits: Limits | None = None,
    problem: Problem | None = None,
    answers: Mapping[str, Reply] | None = None,
) -> Formulation:
    """`solve` in a thread of its own, for callers that must not wait."""
    return await asyncio.to_thread(
        solve, cir, data, limits=limits, problem=problem, answers=answers
    )


def _answered(
    source: CIRSource,
    data: Data,
    limits: Limits,
    problem: Problem,
    answers: Mapping[str, Reply],
) -> Formulation:
    cir, faults = read_cir(source)
    if cir is None:
        return _refused(problem, None, Outcome.UNSUPPORTED, faults)
    try:
        tables = read_tables(data, [table.name for table in problem.tables])
    except InputError as error:
        return _refused(problem, cir, Outcome.NEEDS_INPUT, (error.fault,))
    problem = problem.model_copy(update={"tables": (*problem.tables, *tables)})
    with SolverProcess(limits.threads) as process:
        return solve_answered(problem, cir, limits, process, answers)


def solve_answered(
    problem: Problem,
    cir: CIR,
    limits: Limits,
    process: SolverProcess,
    answers: Mapping[str, Reply],
) -> Formulation:
    """`solve_problem` with answers to its questions, also to those that only come up after others.

    Raises:
        InputError: R2C-V050 to R2C-V054 for an answer that fits no question.
    """
    found = solve_problem(problem, cir, limits, process)
    given: tuple[Asked, ...] = ()
    left = dict(answers)
    while left:
        now = [item for item in found.questions if item.id in left]
        given += replied(now or found.questions, left if not now else _only(left, now))
        left = {id: value for id, value in left.items() if id not in {g.id for g in given}}
        there = amended(problem, effects(given))
        model = settled(cir, given)
        answered = Answered(marked(given, model.missed))
        found = solve_problem(there, model.cir, limits, process, answered=answered)
    return found


def _only(answers: Mapping[str, Reply], asked: Sequence[Asked]) -> dict[str, Reply]:
    ids = {item.id for item in asked}
    return {id: value for id, value in answers.items() if id in ids}


def solve_problem(
    problem: Problem,
    cir: CIR,
    limits: Limits,
    process: SolverProcess,
    *,
    alternatives: Sequence[Alternative] = (),
    answered: Answered = Answered(),
    asked: Sequence[Asked] = (),
) -> Formulation:
    """Check, bind, solve and judge one CIR with the tables of its problem.

    Args:
        problem: The words and tables; answers that were given are in them.
        cir: The model, with the same answers in it.
        limits: Of one solve.
        process: The solver.
        alternatives: Other formulations of the problem, for the check of agreement.
        answered: What the planner has answered.
        asked: Questions whose defaults are in the model already.
    """
    from r2c.archetypes.faults import structural_faults
    from r2c.archetypes.load import standard_library

    found = structural_faults(cir, standard_library())
    if found:
        return _refused(problem, cir, Outcome.UNSUPPORTED, found, answered.questions)
    answered = answered.with_those_of(cir)
    draft = drafted(problem, cir, answered.ids)
    draft = replace(draft, asked=(*asked, *draft.asked))
    if draft.faults:
        return _lacking(draft, answered, limits, process)
    solving = _Solving(
        draft.problem,
        draft.cir,
        draft.instance,
        limits,
        process,
        alternatives,
        answered,
        asked=draft.asked,
    )
    try:
        return solving.formulation()
    except R2CError as error:
        asked = (*answered.questions, *draft.asked)
        return _refused(problem, cir, Outcome.UNSUPPORTED, (error.fault,), asked)


def _lacking(
    draft: Draft, answered: Answered, limits: Limits, process: SolverProcess
) -> Formulation:
    """The answer where data are missing: the questions, those about the words among them."""
    from r2c.verdict.questions.inquiry import Trying, with_outcomes
    from r2c.verdict.questions.missing_number import missing_numbers

    asks = all(map(is_question, draft.faults))
    words = tuple(
        item for item in missing_numbers(draft.problem, draft.cir) if item.id not in answered.ids
    )
    waiting = draft.waiting
    if asks and not words:
        waiting = with_outcomes(waiting, Trying(draft.problem, draft.cir, limits, process))
    outcome = Outcome.NEEDS_INPUT if asks else Outcome.UNSUPPORTED
    asked = (*answered.questions, *draft.asked, *waiting, *words)
    return _refused(draft.problem, draft.cir, outcome, draft.faults, asked)


@dataclass
class _Solving:
    """One bound CIR on its way to a formulation."""

    problem: Problem
    cir: CIR
    instance: Instance
    limits: Limits
    process: SolverProcess
    alternatives: Sequence[Alternative] = ()
    answered: Answered = NOTHING_ANSWERED
    asked: tuple[Asked, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    inquired: bool = False

    def formulation(self) -> Formulation:
        from r2c.archetypes.load import standard_library
        from r2c.cir.canonical import digest
        from r2c.cir.latex import latex_model
        from r2c.model.reformulate import attempt
        from r2c.verdict.judge import judge

        library = standard_library()
        model, faults = attempt(self.cir, library, self.instance)
        if model is None:
            asked = (*self.answered.questions, *self.asked)
            return _refused(self.problem, self.cir, Outcome.UNSUPPORTED, faults, asked)
        solution, conflict = self._solved(model)
        if not self.inquired and (changed := self._inquired(solution)) is not None:
            return changed
        verdict = judge(
            self.problem,
            self.cir,
            solution,
            self.instance,
            library,
            self.alternatives,
            solver=self._again,
            asked=(*self.answered.questions, *self.asked),
        )
        cir, asked = self._told(solution, verdict.evidence)
        return Formulation(
            id=digest(cir)[:16],
            problem=self.problem,
            cir=cir,
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
            questions=asked,
            faults=() if solution.fault is None else (solution.fault,),
            latex=latex_model(model),
        )

    def _inquired(self, solution: Solution) -> Formulation | None:
        """Ask what only the planner can settle; the answer, if that changes what was solved."""
        from r2c.verdict.questions.inquiry import Trying, inquired, lacking, without_limit

        self.inquired = True
        known = self.answered.ids
        if waiting := lacking(self.problem, self.cir, known):
            asked = (*self.answered.questions, *self.asked, *without_limit(waiting, solution))
            return _refused(self.problem, self.cir, Outcome.NEEDS_INPUT, (), asked)
        trying = Trying(self.problem, self.cir, self.limits, self.process)
        asked, self.assumed = inquired(self.problem, self.cir, solution, trying, known)
        self.asked = (*self.asked, *asked)
        if not any(item.effect() for item in asked):
            return None
        problem = amended(self.problem, effects(asked))
        cir = settled(self.cir, asked).cir
        again = replace(self, problem=problem, cir=cir, instance=bind(cir, problem))
        return again.formulation()

    def _told(
        self, solution: Solution, evidence: Sequence[Evidence]
    ) -> tuple[CIR, tuple[Asked, ...]]:
        """The model with what it takes for granted, and all questions about it."""
        from r2c.verdict.questions.whole import whole_or_divisible

        whole, same = whole_or_divisible(self.problem, self.cir, solution, evidence)
        fresh = tuple(told(item) for item in whole if item.id not in self.answered.ids)
        assumed = [item for item in (*self.assumed, *same) if item not in self.cir.assumptions]
        cir = settled(self.cir, (*self.asked, *fresh)).cir if fresh else self.cir
        cir = cir.model_copy(update={"assumptions": (*cir.assumptions, *assumed)})
        return cir, _every((*self.answered.questions, *self.asked, *fresh), cir)

    def _again(self, model: PlainModel, instance: Instance, seconds: float) -> Solution:
        from r2c.solve.solve import solve_plain

        limits = replace(self.limits, seconds=min(self.limits.seconds, seconds))
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
    problem: Problem,
    cir: CIR | None,
    outcome: Outcome,
    faults: tuple[Fault, ...],
    asked: Sequence[Asked] = (),
) -> Formulation:
    """The answer where there is nothing to solve."""
    return Formulation(
        problem=problem,
        cir=cir,
        outcome=outcome,
        trust=Trust.PLAUSIBLE if outcome is Outcome.NEEDS_INPUT else Trust.REJECTED,
        questions=_every(asked, cir),
        faults=faults,
    )


def _every(asked: Sequence[Asked], cir: CIR | None) -> tuple[Asked, ...]:
    """All questions, those that the model itself brings first, each once."""
    brought = () if cir is None else cir.questions
    found = {item.id: Asked.model_validate(item.model_dump()) for item in brought}
    found.update((item.id, item) for item in asked)
    return tuple(found.values())
