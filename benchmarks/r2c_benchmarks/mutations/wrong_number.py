"""A number is another one of the problem."""

from __future__ import annotations

from random import Random

from r2c.cir.schema import CIR, Parameter
from r2c_benchmarks.mutations import Mutant


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Give one single number the value of another."""
    single = [
        item for item in cir.parameters if isinstance(item.value, float | int) and not item.over
    ]
    if len(single) < 2:
        return None
    one, other = random.sample(single, 2)
    if one.value == other.value:
        return None
    parameters: tuple[Parameter, ...] = tuple(
        item.model_copy(update={"value": other.value}) if item is one else item
        for item in cir.parameters
    )
    return Mutant(
        cir.model_copy(update={"parameters": parameters}),
        f"The number {other.value:g} of {one.name!r} is not the one that the text gives for it.",
    )
