"""An answer with what more or less of its numbers would do, for whoever asks for it."""

from __future__ import annotations

from dataclasses import replace

from r2c.formulation import Formulation, Outcome
from r2c.solve.limits import Limits

SECONDS = 20.0
"""What it may take at most, however long a solve may take."""


def with_sensitivity(answer: Formulation, limits: Limits) -> Formulation:
    """The answer with the sensitivity of its plan, as it is if that cannot be told.

    The model is written again from the CIR and the problem of the answer, and solved again at
    other numbers.

    Args:
        answer: The answer.
        limits: What a solve may cost; all of this gets at most `SECONDS`.
    """
    solution, cir = answer.solution, answer.cir
    if solution is None or cir is None or answer.outcome is not Outcome.OPTIMAL:
        return answer
    if solution.sensitivity or solution.cost_ranges or not solution.tiers:
        return answer
    from r2c.archetypes.load import standard_library
    from r2c.cir.instance import bind
    from r2c.errors import R2CError
    from r2c.model.reformulate import attempt
    from r2c.solve.bounds_reached import bounds_reached
    from r2c.solve.process import SolverProcess
    from r2c.solve.sensitivity import SHARE, coefficient_ranges, sensitivity
    from r2c.verdict.kept_rows import kept_rows
    from r2c.verdict.telling_rows import telling_rows

    limits = replace(limits, seconds=min(limits.seconds, SECONDS / SHARE / 2))
    rows = telling_rows(kept_rows(solution.rows, solution.costs), cir, answer.choices)
    told = solution.model_copy(update={"rows": tuple(rows)})
    try:
        instance = bind(cir, answer.problem)
        if instance.faults:  # a model that was saved without its tables
            return answer
        model, _ = attempt(cir, standard_library(), instance)
        if model is None:
            return answer
        with SolverProcess(limits.threads) as process:
            found = sensitivity(model, instance, told, limits, process)
            ranges = coefficient_ranges(model, instance, told, limits, process)
        bounds = bounds_reached(model, instance, solution)
    except R2CError:
        return answer
    update = {"sensitivity": found, "cost_ranges": ranges, "bounds_reached": bounds}
    return answer.model_copy(update={"solution": solution.model_copy(update=update)})
