"""Limits that are reasonable one by one and leave no plan together."""

from __future__ import annotations

from random import Random

from r2c_benchmarks.rulebench.conflict import conflict, tightened
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "infeasible"
_STEPS = (1.1, 1.25, 1.5, 2.0, 4.0)


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Tighten a limit just so far that two or three rules contradict each other."""
    done: set[str] = set()
    for name, found, cir in tightened(selection, numbers, _STEPS, random):
        if name in done or prover.optimum(cir, selection.story.id).status != "infeasible":
            continue
        done.add(name)
        rules = conflict(cir, selection, prover)
        if rules:
            why = f"no plan keeps {' and '.join(rules)} together"
            return Spoilt(selection, found, why, conflict=rules)
    return None
