"""Why an infeasible model is that, and the ways out, within the time of one solve."""

from __future__ import annotations

import time
from dataclasses import replace

from r2c.cir.instance import Instance
from r2c.formulation import Conflict, Remedy
from r2c.model.plain import PlainModel
from r2c.solve.easing import tell_eased
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.solve.remedies import remedies

_MORE = "Other rules conflict as well: no change of these rules alone lets all rules hold."
_WORTH_ASKING = 0.1
"""Seconds that must be left for ways out."""


def conflict_told(
    model: PlainModel, instance: Instance, limits: Limits, process: SolverProcess
) -> Conflict | None:
    """The rules that cannot all hold, with remedies as far as time is left for them.

    Raises:
        R2CError: as `r2c.solve.compiled.compiled`.
    """
    began = time.monotonic()
    conflict = explain_conflict(model, instance, limits, process=process)
    left = limits.seconds - (time.monotonic() - began)
    if conflict is None or left < _WORTH_ASKING:
        return conflict
    ways = remedies(model, instance, conflict, replace(limits, seconds=left), process)
    return conflict.model_copy(
        update={"remedies": ways, "explanation": _told(conflict, ways, model)}
    )


def _told(conflict: Conflict, ways: tuple[Remedy, ...], model: PlainModel) -> str:
    """The conflict in words; changes that help its rules alone give way to those that help all."""
    if not ways:
        return conflict.explanation
    quotes = {rule.id: rule.quote for rule in model.cir.rules}
    local = tell_eased(conflict.eased, quotes, single=len(conflict.rules) == 1)
    lines = [line for line in conflict.explanation.splitlines() if line != local]
    if not any(_within(conflict, way) for way in ways):
        lines.append(_MORE)
    return "\n".join(lines)


def _within(conflict: Conflict, way: Remedy) -> bool:
    return all(change.rule in conflict.rules for change in way.changes)
