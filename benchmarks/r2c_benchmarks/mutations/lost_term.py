"""A part of the objective is forgotten."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Add
from r2c.cir.schema import CIR
from r2c.model.rename import add
from r2c_benchmarks.mutations import Mutant


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Leave out one term of the first objective."""
    if not cir.objectives or not isinstance(cir.objectives[0].expr, Add):
        return None
    first = cir.objectives[0]
    assert isinstance(first.expr, Add)
    terms = list(first.expr.terms)
    terms.pop(random.randrange(len(terms)))
    changed = first.model_copy(update={"expr": add(terms)})
    return Mutant(
        cir.model_copy(update={"objectives": (changed, *cir.objectives[1:])}),
        "The objective leaves out a part of what the text counts.",
    )
