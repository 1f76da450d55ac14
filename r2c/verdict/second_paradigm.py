"""The same rules written in another exact way: the optimum has to be the same.

Big numbers, cuts and auxiliary decisions differ between two exact paradigms; what the rules mean
does not. Two optima tell of a fault of a card or of the solver, never of the words.
"""

from __future__ import annotations

from collections.abc import Mapping

from r2c.archetypes.card import Card
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Evidence, Solution
from r2c.model.otherwise_written import otherwise_written
from r2c.model.reformulate import attempt
from r2c.verdict.extra_solves import ExtraSolves
from r2c.verdict.wording import counted

NAME = "second_paradigm"
_SAME = 1e-4
"""Relative; each solve may stop this far from the optimum."""
_LARGEST = 20_000
"""Values of a plan; the rules of larger models are not written a second time."""


def second_paradigm(
    cir: CIR,
    solution: Solution,
    instance: Instance,
    library: Mapping[str, Card],
    solves: ExtraSolves,
) -> Evidence:
    """Whether another exact way to write the rules comes to the same optimum.

    Args:
        cir: The model.
        solution: Its optimum.
        instance: Its data.
        library: The cards.
        solves: Solves that may be spent; this takes one.
    """
    if why := solves.why_not:
        return _silent(why)
    if sum(map(len, solution.values.values())) > _LARGEST:
        return _silent("The model is too large to be written a second time.")
    try:
        model, _ = attempt(cir, library, instance)
        other, ways = otherwise_written(
            cir, library, instance, () if model is None else model.choices
        )
    except R2CError as error:
        return _silent(error.fault.what)
    if not ways:
        return _silent("There is one exact way to write each rule.")
    found = solves.solved(other, instance)
    if found is None:
        return _silent("Written another way, the model was not solved to the end in time.")
    named = ", ".join(f"{rule} by {way}" for rule, way in ways.items())
    agree = found.objective is not None and _close(found.objective, solution.objective)
    value = "no optimum" if found.objective is None else f"{found.objective:g}"
    return Evidence(
        check=NAME,
        passed=agree,
        message=f"With {counted(len(ways), 'rule')} written another way the optimum is the same."
        if agree
        else f"Written another exact way ({named}) the model has {value}, "
        f"not {solution.objective:g}: a card or the solver is wrong.",
        rules=() if agree else tuple(ways),
        details={"ways": dict(ways), "other": found.objective},
    )


def _close(one: float, other: float | None) -> bool:
    return other is not None and abs(one - other) <= _SAME * max(1.0, abs(other))


def _silent(message: str) -> Evidence:
    return Evidence(check=NAME, passed=None, message=message)
