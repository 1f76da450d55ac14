"""A number that is needed and that nobody knows."""

from __future__ import annotations

from random import Random

from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.phrase import Slot
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "needs_input"
_MARKS = ("?", "to follow", "not known yet")
_SHOWN = ("", "", "", *_MARKS)
"""What stands in its place; a blank among numbers of two sets could mean that there is none."""
_BY = (0.5, 2.0)
"""What the number is multiplied by to see whether the answer depends on it."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Lose one of the numbers that stand in tables and that the answer depends on."""
    slots = [
        Slot(name, key)
        for name, datum in selection.data
        if datum.over
        for key in numbers.data[name]
    ]
    if not slots:
        return None
    lost = random.choice(slots)
    story = selection.story.id
    right = prover.optimum(assemble(selection, numbers), story)
    others = (prover.optimum(assemble(selection, _other(numbers, lost, by)), story) for by in _BY)
    if all(other.objective == right.objective for other in others):
        return None
    why = f"{lost.name} of {lost.key} is not known"
    shown = random.choice(_SHOWN if len(lost.key) == 1 else _MARKS)
    return Spoilt(selection, numbers, why, missing=lost, shown=shown)


def _other(numbers: Numbers, slot: Slot, by: float) -> Numbers:
    changed = {**numbers.data[slot.name], slot.key: numbers.data[slot.name][slot.key] * by}
    return Numbers({**numbers.data, slot.name: changed}, numbers.plan)
