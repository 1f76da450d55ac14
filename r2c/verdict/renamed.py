"""Which variable of one model is which of another, where they are one but for names."""

from __future__ import annotations

from collections.abc import Mapping

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.model.model_map import VariableEntry
from r2c.model.reformulate import attempt
from r2c.problem.schema import Problem
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.isomorphism import correspondence


def renamed(
    one: CIR, other: CIR, problem: Problem | None = None, its_problem: Problem | None = None
) -> Mapping[str, str] | None:
    """The names of all variables of one model, each with that of the other.

    Args:
        one: A model.
        other: Another one.
        problem: The tables of the one; None if it has all data.
        its_problem: The tables of the other, if they are other ones.

    Returns:
        `{"bake[muffin]": "made[Muffins]"}`; None if the models, with their data, are not one up to
        names, order and ways to write, or if that cannot be told (`r2c.solve.isomorphism`).
    """
    left, right = _compiled(one, problem), _compiled(other, its_problem or problem)
    if left is None or right is None or left.contradictions or right.contradictions:
        return None
    found = correspondence(left.matrix, right.matrix)
    if found is None:
        return None
    theirs = right.map.variables
    return {
        _named(entry): _named(theirs[place])
        for entry, place in zip(left.map.variables, found.tolist(), strict=True)
    }


def _compiled(cir: CIR, problem: Problem | None) -> Compiled | None:
    try:
        instance = bind(cir, problem)
        model = None if instance.faults else attempt(instance.cir, standard_library(), instance)[0]
        return None if model is None else compiled(model, instance)
    except R2CError:
        return None


def _named(entry: VariableEntry) -> str:
    return f"{entry.symbol}[{', '.join(map(str, entry.key))}]" if entry.key else entry.symbol
