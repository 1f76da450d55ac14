"""What `r2c whatif` and `r2c whynot` start from: a model, its data, limits, a known answer."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.schema import CIR
from r2c.cli.check_cards import check_cards, other_cards
from r2c.cli.exit_codes import ExitCode, code_of_answer
from r2c.cli.render.fault import show_fault
from r2c.cli.saved import read_saved
from r2c.cli.streams import errors
from r2c.cli.tables import problem_with
from r2c.formulation import Formulation, Outcome
from r2c.problem.schema import Problem
from r2c.settings import load_settings
from r2c.solve.limits import Limits
from r2c.supposition import Standing


@dataclass(frozen=True)
class Supposing:
    """A model with what is needed to ask what would be; `before` is its answer if it is known."""

    cir: CIR
    problem: Problem
    limits: Limits
    before: Formulation | None


def supposing(model: str, data: list[str] | None) -> Supposing:
    """Read a model or a saved answer, with the limits that the settings give.

    Raises:
        InputError: from the settings, the file or the tables.
        CIRError: the file is no CIR.
        CardError: as `check_cards`.
    """
    settings = load_settings()
    saved = read_saved(model)
    check_cards(saved.cir)
    limits = Limits.of(settings)
    answer = saved.answer
    # The plan that the person has seen is the one to compare with, unless other data are given.
    settled = answer is not None and answer.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
    before = answer if settled and not data else None
    if before is not None and (changed := other_cards(before)) is not None:
        show_fault(errors(), changed, "note")
    return Supposing(saved.cir, problem_with(saved, data) or Problem(text=""), limits, before)


def status_of(standing: Standing) -> ExitCode:
    """The exit status that `r2c solve` would have for the model that stands so."""
    answer = Formulation(
        problem=Problem(text=""),
        outcome=standing.outcome,
        trust=standing.trust,
        faults=standing.faults,
    )
    return code_of_answer(answer, given=True)
