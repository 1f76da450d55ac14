"""Plain model in, solution out: outcomes as data, never an exception for a legal answer."""

from __future__ import annotations

import time
from dataclasses import replace

from r2c.cir.instance import Instance
from r2c.errors import Fault, R2CError, SolveError, declare
from r2c.formulation import Outcome, Solution
from r2c.model.plain import PlainModel
from r2c.model.size import TOO_LARGE, SizeLimits
from r2c.solve.ask import Answer
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.inexact import with_inexactness
from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix
from r2c.solve.process import SolverProcess
from r2c.solve.report import told
from r2c.solve.settle import SUSPECT, Questioner
from r2c.solve.tiers import TieredAnswer, goals_of, solve_tiers
from r2c.solve.whole import made_whole

TIME_OVER = declare(
    "R2C-S002", SolveError,
    what="The solver was stopped after {seconds:g} s.",
    why="The time limit was reached{found}.",
    remedy="Allow more time, accept a gap (such as 0.01), or tighten the bounds of the decisions.",
)  # fmt: skip
MEMORY_OVER = declare(
    "R2C-S003", SolveError,
    what="The solver needed more than {memory_mb} MB.",
    why="The memory limit keeps one solve from stopping everything else.",
    remedy="Allow more memory, or solve a smaller piece of the problem.",
)  # fmt: skip
CRASHED = declare(
    "R2C-S004", SolveError,
    what="The solver process broke down, also without presolve.",
    why="It ended with: {text}.",
    remedy="Check the data for extreme values; if there are none, report the exported MPS file.",
)  # fmt: skip
TROUBLE = declare(
    "R2C-S005", SolveError,
    what="The solver ended with {status!r} and no usable answer.",
    why="Numbers of very different size in one model make its arithmetic unreliable.",
    remedy="Choose units so that numbers lie between 0.001 and 100000, and replace huge bounds.",
)  # fmt: skip


def solve_plain(
    plain: PlainModel,
    instance: Instance,
    limits: Limits | None = None,
    *,
    size: SizeLimits | None = None,
    process: SolverProcess | None = None,
) -> Solution:
    """Build and solve a plain model.

    Args:
        plain: The model.
        instance: Its data.
        limits: Time, memory, threads and gap; the defaults suit a planner who waits.
        size: The largest model that is compiled.
        process: A solver process to use and leave running, for many solves in a row.

    Returns:
        A solution for every legal answer: infeasible, unbounded and limit are outcomes. Models
        that cannot be written give `unsupported`, data faults `needs_input`, each with its fault.
        A rule that is not written exactly is a fault beside the answer that it may falsify.
        Notes that begin with "solver_suspect: " are reasons to distrust the solver.
    """
    limits = limits or Limits()
    began = time.monotonic()
    own = None if process is not None else SolverProcess(limits.threads)
    used = process or own
    assert used is not None
    try:
        used.start()  # it gets ready while the model is built
        try:
            model = compiled(plain, instance, size)
        except R2CError as error:
            return Solution(outcome=_refusal(error, instance), fault=error.fault)
        if model.contradictions:
            return Solution(
                outcome=Outcome.INFEASIBLE,
                fault=model.contradictions[0],
                notes=tuple(fault.what for fault in model.contradictions[1:20]),
            )
        before = used.awaited
        solution = with_inexactness(solve_compiled(model, instance, limits, used), plain)
        # How hard a model is says nothing of how long its process took to get ready.
        seconds = time.monotonic() - began - (used.awaited - before)
        return solution.model_copy(update={"seconds": seconds})
    finally:
        if own is not None:
            own.close()


def solve_compiled(
    model: Compiled, instance: Instance, limits: Limits, process: SolverProcess
) -> Solution:
    """Solve a model that was compiled before."""
    matrix = model.matrix
    began = time.monotonic()
    questioner = Questioner(process, matrix, limits, began + limits.seconds)
    try:
        tiered = solve_tiers(questioner)
    except R2CError as error:
        return Solution(outcome=Outcome.UNSUPPORTED, fault=error.fault)
    answer = tiered.settled.answer
    if _usable(matrix, answer):
        settled = made_whole(questioner, goals_of(matrix)[-1], tiered.settled)
        tiered = replace(tiered, settled=settled)
    elif answer.point is not None:
        answer = replace(answer, point=None)
        tiered = replace(tiered, settled=replace(tiered.settled, answer=answer))
    outcome, fault = outcome_of(tiered, limits)
    return told(model, instance, tiered, outcome, fault)


def _usable(matrix: Matrix, answer: Answer) -> bool:
    """Whether a point may be shown; the last iterate of a stopped run often satisfies nothing."""
    return answer.point is not None and (
        answer.reading == "optimal" or matrix.violation(answer.point) <= _SHOWN
    )


_SHOWN = 1e-4


def _refusal(error: R2CError, instance: Instance) -> Outcome:
    if instance.faults:
        return Outcome.NEEDS_INPUT
    return Outcome.LIMIT if error.code == TOO_LARGE.code else Outcome.UNSUPPORTED


def outcome_of(tiered: TieredAnswer, limits: Limits) -> tuple[Outcome, Fault | None]:
    """The outcome of an answer, with the fault that kept it from being an optimum."""
    answer = tiered.settled.answer
    match answer.reading:
        case "optimal":
            return Outcome.OPTIMAL, None
        case "infeasible":
            return Outcome.INFEASIBLE, None
        case "unbounded":
            return Outcome.UNBOUNDED, None
    outcome = Outcome.LIMIT if answer.point is None else Outcome.FEASIBLE
    failure = answer.failure
    if failure is not None and failure.kind == "memory":
        return outcome, MEMORY_OVER.fault(memory_mb=limits.memory_mb)
    if failure is not None and failure.kind in ("crash", "error"):
        return outcome, CRASHED.fault(text=failure.text or "no message")
    if answer.reading == "limit":
        found = "" if answer.point is None else "; the best plan so far is given"
        return outcome, TIME_OVER.fault(seconds=limits.seconds, found=found)
    return outcome, TROUBLE.fault(status=answer.status)


def suspicions(solution: Solution) -> tuple[str, ...]:
    """The reasons to distrust the solver that a solution carries."""
    return tuple(note.removeprefix(SUSPECT) for note in solution.notes if note.startswith(SUSPECT))
