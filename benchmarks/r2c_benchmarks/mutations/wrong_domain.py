"""Whole things are divided, or divisible ones counted."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Num
from r2c.cir.schema import CIR, Decision
from r2c_benchmarks.mutations import Mutant

_OTHER = {"integer": "continuous", "continuous": "integer", "binary": "continuous"}
_TOLD = {
    "integer": "may not take fractions of {what}, the text allows them",
    "continuous": "may take fractions of {what}, which only come whole",
}


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Change the domain of one decision."""
    if not cir.decisions:
        return None
    wrong = random.choice(cir.decisions)
    domain = _OTHER[wrong.domain]
    changed: dict[str, object] = {"domain": domain}
    if wrong.domain == "binary":
        changed["upper"] = Num(1.0)
    decisions: tuple[Decision, ...] = tuple(
        item.model_copy(update=changed) if item is wrong else item for item in cir.decisions
    )
    what = wrong.meaning or wrong.name
    return Mutant(
        cir.model_copy(update={"decisions": decisions}),
        f"{wrong.name!r} {_TOLD[domain].format(what=what)}.",
    )
