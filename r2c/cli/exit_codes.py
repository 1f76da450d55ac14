"""What the exit status of `r2c` means; scripts rely on it, so a number never changes its meaning.

Imports nothing of R2C: the help page shows the table and must be there at once.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from r2c.errors import Fault, R2CError
    from r2c.formulation import Formulation


class ExitCode(IntEnum):
    """The exit statuses."""

    ANSWERED = 0
    INTERNAL = 1
    USAGE = 2
    INFEASIBLE = 3
    UNBOUNDED = 4
    REJECTED = 5
    LIMIT = 6
    INFRASTRUCTURE = 7
    NEEDS_INPUT = 8
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


MEANINGS: dict[ExitCode, str] = {
    ExitCode.ANSWERED: "answered (optimal or feasible, not rejected), or done",
    ExitCode.INTERNAL: "a fault inside R2C; please report it",
    ExitCode.USAGE: "wrong usage, or an input that is faulty or cannot be read",
    ExitCode.INFEASIBLE: "infeasible: the rules cannot all hold",
    ExitCode.UNBOUNDED: "unbounded: a rule seems to be missing",
    ExitCode.REJECTED: "rejected by the checks, or not supported",
    ExitCode.LIMIT: "a limit of time, memory, tokens or rounds was reached",
    ExitCode.INFRASTRUCTURE: "language model, solver, disk or network failed",
    ExitCode.NEEDS_INPUT: "questions must be answered, or data be completed, first",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
    ExitCode.BROKEN_PIPE: "the reader of standard output went away",
    ExitCode.TERMINATED: "ended by SIGTERM",
}


def epilog() -> str:
    """The table for the end of the help page; the mark keeps its lines as they are."""
    lines = [f"{code.value:>5}  {meaning}" for code, meaning in MEANINGS.items()]
    return "\n".join(["Exit codes:\n", "\b", *lines])


def code_of_answer(answer: Formulation, *, given: bool = False) -> ExitCode:
    """The exit status that tells the outcome of an answer.

    The outcome is asked before the trust: a script that waits for "infeasible" or "unbounded" gets
    it, also where checks doubt it. Only a plan can be rejected.

    Args:
        answer: The answer.
        given: Whether the model was given rather than made here: what is wrong with it is then
            wrong input, not a rejected answer.
    """
    from r2c.formulation import Outcome, Trust

    match answer.outcome:
        case Outcome.NEEDS_INPUT:
            return ExitCode.NEEDS_INPUT
        case Outcome.LIMIT:
            return ExitCode.LIMIT
        case Outcome.UNSUPPORTED:
            return _code_of_model(fault.code for fault in answer.faults if given)
        case Outcome.INFEASIBLE:
            return ExitCode.INFEASIBLE
        case Outcome.UNBOUNDED:
            return ExitCode.UNBOUNDED
    return ExitCode.REJECTED if answer.trust is Trust.REJECTED else ExitCode.ANSWERED


def code_of_error(error: R2CError) -> ExitCode:
    """The exit status of a failure that left no answer."""
    from r2c.errors import BudgetError, CardError, CIRError, InputError, ModelError

    match error:
        case CIRError() if _only_asks(error.fault):
            return ExitCode.NEEDS_INPUT
        case InputError() | CIRError() | CardError():
            return ExitCode.USAGE
        case ModelError():
            return _code_of_model(_codes(error.fault))
        case BudgetError():
            return ExitCode.LIMIT
    return ExitCode.INFRASTRUCTURE


def _code_of_model(codes: Iterable[str]) -> ExitCode:
    """Faulty if anything in the model is; otherwise nothing is wrong but no paradigm writes it."""
    from r2c.errors import CATALOGUE, CardError, CIRError, InputError

    kinds = [CATALOGUE[code].raises for code in codes if code in CATALOGUE]
    faulty = any(issubclass(kind, InputError | CIRError | CardError) for kind in kinds)
    return ExitCode.USAGE if faulty else ExitCode.REJECTED


def _codes(fault: Fault) -> list[str]:
    """The codes of the faults that a fault stands for; its own if it stands for itself."""
    several = fault.details.get("faults")
    if not isinstance(several, list):
        return [fault.code]
    return [str(item["code"]) for item in several if isinstance(item, dict)]


def _only_asks(fault: Fault) -> bool:
    """Whether nothing but data is missing, which the planner can give."""
    codes = fault.details.get("codes")
    if not isinstance(codes, list):
        return False
    from r2c.verdict.questions.data_faults import is_asked

    return all(is_asked(str(code)) for code in codes)
