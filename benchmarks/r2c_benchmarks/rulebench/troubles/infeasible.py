"""Limits that are reasonable one by one and leave no plan together."""

from __future__ import annotations

from itertools import islice
from random import Random

from r2c_benchmarks.rulebench.conflict import conflict, tightened
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "infeasible"
_STEPS = (1.1, 1.3, 1.7, 3.0)
_LOOKS = 16
"""Tightened problems that are looked at, at most."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Tighten a limit just so far that two or three rules contradict each other."""
    done: set[str] = set()
    looks = islice(tightened(selection, numbers, _STEPS, random), _LOOKS)
    for name, found, cir in looks:
        if name in done or prover.optimum(cir, selection.story.id).status != "infeasible":
            continue
        done.add(name)
        rules = conflict(cir, selection, prover)
        if rules:
            why = f"no plan keeps {' and '.join(rules)} together"
            return Spoilt(selection, found, why, conflict=rules)
    return None
