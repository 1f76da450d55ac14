"""The answer of a problem once more without a solver, if the problem is small enough."""

from __future__ import annotations

from typing import Literal

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.model.reformulate import attempt
from r2c.solve.compiled import compiled
from r2c_benchmarks.rulebench.optimum import NOT_PROVED, Answer, same_answer
from r2c_benchmarks.rulebench.second.fractions_only import exact_answer
from r2c_benchmarks.rulebench.second.plans import best_plan

Way = Literal["plans", "fractions", ""]


def by_hand(cir: CIR, answer: Answer, story: str) -> Way:
    """How the answer was found again: all plans counted through, or its model in fractions.

    Args:
        cir: The model.
        answer: What was found with the solver.
        story: What a fault is about.

    Returns:
        Nothing if the problem is too large for both.

    Raises:
        InputError: R2C-B092, another answer is found.
    """
    found, way = _found(cir)
    if found is not None and not same_answer(found, answer):
        reason = (
            f"{answer.objective or answer.status} by the solver, "
            f"{found.objective or found.status} by {way}"
        )
        raise NOT_PROVED(story=story, reason=reason)
    return way


def _found(cir: CIR) -> tuple[Answer | None, Way]:
    counted = best_plan(cir)
    if counted is not None:
        return counted, "plans"
    instance = bind(cir).require()
    model, _ = attempt(cir, standard_library(), instance)
    if model is None:
        return None, ""
    made = compiled(model, instance)
    exact = None if made.contradictions else exact_answer(made.matrix)
    return exact, "" if exact is None else "fractions"
