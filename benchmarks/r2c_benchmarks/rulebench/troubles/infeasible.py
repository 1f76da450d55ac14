"""A limit so tight that no plan keeps all rules."""

from __future__ import annotations

from random import Random

from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Datum
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "infeasible"
_STEPS = (2.0, 4.0, 8.0)


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Tighten one limit after the other, each alone, until one leaves no plan."""
    limits = [
        (name, datum)
        for name, datum in selection.data
        if datum.above is not None or datum.below is not None
    ]
    random.shuffle(limits)
    for name, datum in limits:
        for factor in _STEPS:
            tight = {
                key: _tighter(datum, value, factor) for key, value in numbers.data[name].items()
            }
            if 0 in tight.values():
                break
            found = Numbers({**numbers.data, name: tight}, numbers.plan)
            answer = prover.answer(assemble(selection, found), selection.story.id)
            if answer.status == "infeasible":
                return Spoilt(selection, found, f"{name} leaves no plan")
    return None


def _tighter(datum: Datum, value: float, factor: float) -> float:
    found = value / factor if datum.above is not None else value * factor
    return round(round(found / datum.step) * datum.step, 6)
