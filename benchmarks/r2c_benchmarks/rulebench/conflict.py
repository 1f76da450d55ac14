"""Which rules no plan keeps together, and limits made tight until there are some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from r2c.cir.expr import symbols
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Datum, Ordained

_MOST = 3
"""Rules in a conflict, at most: it must be possible to see it."""


def tightened(
    selection: Selection, numbers: Numbers, steps: Sequence[float], random: Random
) -> Iterator[tuple[str, Numbers, CIR]]:
    """The problem with one limit after the other made tighter, step by step, each alone."""
    limits = [
        (name, datum)
        for name, datum in selection.data
        if datum.above is not None or datum.below is not None
    ]
    random.shuffle(limits)
    for name, datum in limits:
        for factor in steps:
            tight = {
                key: _tighter(datum, value, factor) for key, value in numbers.data[name].items()
            }
            if 0 in tight.values():
                break
            found = Numbers({**numbers.data, name: tight}, numbers.plan)
            yield name, found, assemble(selection, found)


def _tighter(datum: Datum, value: float, factor: float) -> float:
    found = value / factor if datum.above is not None else value * factor
    return round(round(found / datum.step) * datum.step, 6)


def conflict(cir: CIR, selection: Selection, prover: Prover) -> tuple[str, ...]:
    """The ids of rules that contradict each other, none of which is needless.

    Empty if there are more than three, a single one, or two that limit the same from both sides:
    such a pair is seen without any model.
    """
    kept, before = list(cir.rules), 0
    while len(kept) != before:  # once others are gone, more can be left out
        before = len(kept)
        for rule in tuple(kept):
            rest = [one for one in kept if one is not rule]
            without = cir.model_copy(update={"rules": tuple(rest), "objectives": ()})
            if _no_plan(without, selection, prover):
                kept = rest
    ids = tuple(rule.id for rule in kept)
    told = [rule for rule in selection.rules if rule.id in ids]
    if not 2 <= len(told) <= _MOST or len({_about(rule, selection) for rule in told}) == 1:
        return ()
    return ids


def _no_plan(cir: CIR, selection: Selection, prover: Prover) -> bool:
    try:
        return prover.optimum(cir, selection.story.id).status == "infeasible"
    except R2CError:  # other rules cannot be written without the one left out
        return False


def _about(rule: Ordained, selection: Selection) -> frozenset[str]:
    """What a rule limits: its operands that hold decisions, as they are written."""
    decisions = {wanted.name for wanted in selection.decisions}
    return frozenset(str(expr) for expr in rule.operands.values() if symbols(expr) & decisions)
