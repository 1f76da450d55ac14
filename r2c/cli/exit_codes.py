"""What the exit status of `r2c` means; scripts rely on it, so a number never changes its meaning.

Imports nothing of R2C: the help page shows the table and must be there at once.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from r2c.errors import R2CError
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


MEANINGS: dict[ExitCode, str] = {
    ExitCode.ANSWERED: "answered (optimal or feasible, not rejected), or done",
    ExitCode.INTERNAL: "a fault inside R2C; please report it",
    ExitCode.USAGE: "wrong usage, or an input that cannot be read",
    ExitCode.INFEASIBLE: "infeasible: the rules cannot all hold",
    ExitCode.UNBOUNDED: "unbounded: a rule seems to be missing",
    ExitCode.REJECTED: "rejected by the checks, or not supported",
    ExitCode.LIMIT: "a limit of time, memory, tokens or rounds was reached",
    ExitCode.INFRASTRUCTURE: "language model, solver, disk or network failed",
    ExitCode.NEEDS_INPUT: "questions must be answered, or data be completed, first",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
    ExitCode.BROKEN_PIPE: "the reader of standard output went away",
}


def epilog() -> str:
    """The table for the end of the help page; the mark keeps its lines as they are."""
    lines = [f"{code.value:>5}  {meaning}" for code, meaning in MEANINGS.items()]
    return "\n".join(["Exit codes:\n", "\b", *lines])


def code_of_answer(answer: Formulation) -> ExitCode:
    """The exit status that tells the outcome of an answer."""
    from r2c.formulation import Outcome, Trust

    match answer.outcome:
        case Outcome.NEEDS_INPUT:
            return ExitCode.NEEDS_INPUT
        case Outcome.LIMIT:
            return ExitCode.LIMIT
        case Outcome.UNSUPPORTED:
            return ExitCode.REJECTED
    if answer.trust is Trust.REJECTED:
        return ExitCode.REJECTED
    match answer.outcome:
        case Outcome.INFEASIBLE:
            return ExitCode.INFEASIBLE
        case Outcome.UNBOUNDED:
            return ExitCode.UNBOUNDED
    return ExitCode.ANSWERED


def code_of_error(error: R2CError) -> ExitCode:
    """The exit status of a failure that left no answer."""
    from r2c.errors import BudgetError, CardError, CIRError, InputError, ModelError

    match error:
        case InputError() | CIRError() | CardError():
            return ExitCode.USAGE
        case ModelError():
            return ExitCode.REJECTED
        case BudgetError():
            return ExitCode.LIMIT
    return ExitCode.INFRASTRUCTURE
