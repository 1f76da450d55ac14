"""A solution's values as points, the two shapes that evaluators of the algebra take."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.formulation import Solution

Variable = tuple[str, Key]


def by_symbol(solution: Solution, cir: CIR) -> dict[str, dict[Key, float]]:
    """Values by symbol and key; definitions are left out, since they follow from the others."""
    computed = {item.name for item in cir.definitions}
    return {
        name: {item.key: item.value for item in values}
        for name, values in solution.values.items()
        if name not in computed
    }


def flat(values: Mapping[str, Mapping[Key, float]]) -> dict[Variable, float]:
    """Values by symbol and key in one mapping."""
    return {(name, key): value for name, items in values.items() for key, value in items.items()}
