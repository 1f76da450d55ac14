"""A number that is needed and that nobody knows."""

from __future__ import annotations

from random import Random

from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.phrase import Slot
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt

STATUS = "needs_input"


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Lose one of the numbers that stand in tables."""
    slots = [
        Slot(name, key)
        for name, datum in selection.data
        if datum.over
        for key in numbers.data[name]
    ]
    if not slots:
        return None
    lost = random.choice(slots)
    return Spoilt(selection, numbers, f"{lost.name} of {lost.key} is not known", missing=lost)
