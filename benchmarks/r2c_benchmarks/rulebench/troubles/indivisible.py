"""Limits that only plans with parts of whole things could keep."""

from __future__ import annotations

from itertools import islice
from random import Random

from r2c.errors import R2CError
from r2c_benchmarks.rulebench.conflict import conflict, tightened
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "infeasible"
_STEPS = (1.03, 1.07, 1.14, 1.25, 1.45, 1.8)
_LOOKS = 18
"""Tightened problems that are looked at, at most."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Tighten a limit to where the last whole plan is gone and one with fractions is left."""
    if all(wanted.domain != "binary" for wanted in selection.story.decisions):
        return None  # larger whole numbers leave hardly a gap
    done: set[str] = set()
    story = selection.story.id
    looks = islice(tightened(selection, numbers, _STEPS, random), _LOOKS)
    for name, found, cir in looks:
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
