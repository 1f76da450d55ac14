"""Exit statuses are a contract with scripts."""

from __future__ import annotations

import pytest
from running import ROOT, invoke

from r2c.cli.exit_codes import MEANINGS, ExitCode, code_of_answer, code_of_error
from r2c.errors import (
    BudgetError,
    CardError,
    CIRError,
    Fault,
    InputError,
    LanguageModelError,
    ModelError,
    R2CError,
    SolveError,
    StoreError,
)
from r2c.formulation import Formulation, Outcome, Trust
from r2c.problem.schema import Problem

FAULT = Fault(code="R2C-X000", what="It failed.", why="Because.", remedy="Mend it.")


@pytest.mark.parametrize(
    ("outcome", "trust", "code"),
    [
        (Outcome.OPTIMAL, Trust.VERIFIED, 0),
        (Outcome.OPTIMAL, Trust.PLAUSIBLE, 0),
        (Outcome.FEASIBLE, Trust.PLAUSIBLE, 0),
        (Outcome.OPTIMAL, Trust.SOLVER_SUSPECT, 0),
        (Outcome.OPTIMAL, Trust.REJECTED, 5),
        (Outcome.INFEASIBLE, Trust.VERIFIED, 3),
        (Outcome.FEASIBLE, Trust.REJECTED, 5),
        (Outcome.INFEASIBLE, Trust.REJECTED, 3),
        (Outcome.INFEASIBLE, Trust.SOLVER_SUSPECT, 3),
        (Outcome.UNBOUNDED, Trust.PLAUSIBLE, 4),
        (Outcome.UNBOUNDED, Trust.REJECTED, 4),
        (Outcome.UNSUPPORTED, Trust.REJECTED, 5),
        (Outcome.UNSUPPORTED, Trust.PLAUSIBLE, 5),
        (Outcome.LIMIT, Trust.REJECTED, 6),
        (Outcome.LIMIT, Trust.PLAUSIBLE, 6),
        (Outcome.NEEDS_INPUT, Trust.REJECTED, 8),
    ],
)
def test_an_answer_has_the_documented_status(outcome: Outcome, trust: Trust, code: int) -> None:
    answer = Formulation(problem=Problem(text=""), outcome=outcome, trust=trust)
    assert code_of_answer(answer) == code


def test_every_outcome_and_trust_has_a_status() -> None:
    for outcome in Outcome:
        for trust in Trust:
            answer = Formulation(problem=Problem(text=""), outcome=outcome, trust=trust)
            assert code_of_answer(answer) in MEANINGS


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (InputError, 2),
        (CIRError, 2),
        (CardError, 2),
        (ModelError, 5),
        (BudgetError, 6),
        (SolveError, 7),
        (LanguageModelError, 7),
        (StoreError, 7),
    ],
)
def test_a_failure_has_the_documented_status(kind: type[R2CError], code: int) -> None:
    assert code_of_error(kind(FAULT)) == code


def test_help_and_the_page_list_every_status() -> None:
    told = invoke("--help").stdout
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"{code.value}  {MEANINGS[code]}" in told
        assert f"| {code.value} | {MEANINGS[code]} |" in page
