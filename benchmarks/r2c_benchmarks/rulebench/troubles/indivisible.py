"""Limits that only plans with parts of whole things could keep."""

from __future__ import annotations

from random import Random

from r2c.errors import R2CError
from r2c_benchmarks.rulebench.conflict import conflict, tightened
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "infeasible"
_STEPS = (1.02, 1.05, 1.09, 1.14, 1.2, 1.3, 1.45, 1.7, 2.1)


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Tighten a limit to where the last whole plan is gone and one with fractions is left."""
    if all(wanted.domain == "continuous" for wanted in selection.decisions):
        return None
    done: set[str] = set()
    story = selection.story.id
    for name, found, cir in tightened(selection, numbers, _STEPS, random):
        if name in done:
            continue
        try:
            if prover.optimum(cir, story).status != "infeasible":
                continue
        except R2CError:  # hard to say whether there is a plan, so not for this bench
            done.add(name)
            continue
        done.add(name)
        if prover.optimum(cir, story, whole=False).status == "infeasible":
            continue
        rules = conflict(cir, selection, prover)
        if rules:
            why = f"no plan of whole things keeps {' and '.join(rules)} together"
            return Spoilt(selection, found, why, conflict=rules)
    return None
