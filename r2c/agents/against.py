"""What speaks against the best combination of readings: what solving said, then the checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from r2c.agents.verifier import Readings, Trial
from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Outcome
from r2c.model.reformulate import attempt
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.findings import Finding, findings, sentences_of
from r2c.verdict.unbounded import without_limit

_CLASH = 10.0
"""Rules that clash count more than any finding of words: one of their sentences was misread."""
_NO_LIMIT = 0.5
"""A missing limit is first looked for in sentences whose number or condition is lost."""
_SECONDS = 5.0
"""Why there is no plan is asked for so long; the checks of words cost milliseconds."""


def against(
    readings: Readings, trial: Trial, process: SolverProcess, limits: Limits
) -> tuple[Finding, ...]:
    """All that speaks against a combination, the most damaging first.

    An infeasible model names the sentences whose rules cannot all hold, an unbounded one the
    decisions without a limit.

    Args:
        readings: All options.
        trial: The combination; without a model there is nothing to look at.
        process: The solver.
        limits: Of one solve.
    """
    if trial.cir is None:
        return ()
    within = replace(limits, seconds=min(limits.seconds, _SECONDS))
    try:
        decided = tuple(_of_the_outcome(readings, trial.cir, trial, process, within))
    except R2CError:  # the solver gave no reason in time; what the words say is still there
        decided = ()
    found = (*decided, *findings(readings.problem, trial.cir, standard_library()))
    return tuple(sorted(found, key=lambda item: -item.cost))


def _of_the_outcome(
    readings: Readings, cir: CIR, trial: Trial, process: SolverProcess, limits: Limits
) -> Iterator[Finding]:
    outcome = None if trial.solution is None else trial.solution.outcome
    if outcome not in (Outcome.INFEASIBLE, Outcome.UNBOUNDED):
        return
    instance = bind(cir, readings.problem)
    model, _ = attempt(cir, standard_library(), instance)
    if model is None:
        return
    if outcome is Outcome.UNBOUNDED:
        fault = without_limit(model, instance, limits, process)
        yield Finding("unbounded", fault.what, _NO_LIMIT, about="objective")
        return
    conflict = explain_conflict(model, instance, limits, process=process)
    if conflict is not None:
        quotes = {rule.id: " ".join(rule.quote.split()) for rule in cir.rules}
        told = " and ".join(
            dict.fromkeys(f"'{quotes[name]}'" for name in conflict.rules if quotes.get(name))
        )
        yield Finding(
            check="infeasible",
            message=f"No plan keeps {told} together." if told else conflict.explanation,
            cost=_CLASH,
            sentences=sentences_of(conflict.rules, readings.problem, cir),
            rules=conflict.rules,
        )
