"""A number is written down wrongly: a digit too many, or two digits exchanged."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Expr, Num
from r2c.cir.occurrences import STRUCTURAL
from r2c.cir.schema import CIR, DenseValues, Nested, Parameter
from r2c_benchmarks.mutations import Mutant
from r2c_benchmarks.slips import slips


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Change one number of a rule, of the objective or of what is known."""

    def wrong(expr: Expr) -> Expr | None:
        if not isinstance(expr, Num) or expr.value in STRUCTURAL:
            return None
        return Num(_slipped(expr.value, random))

    found = slips(cir, wrong)
    written = [item for item in cir.parameters if isinstance(item.value, float | int | DenseValues)]
    if not found and not written:
        return None
    if found and (not written or random.random() < 0.5):
        slip = random.choice(found)
        return Mutant(slip.made(), f"A number is not the one that {slip.said} gives.", slip.rule)
    item = random.choice(written)
    changed = _with_slip(item, random)
    parameters = tuple(changed if one is item else one for one in cir.parameters)
    return Mutant(
        cir.model_copy(update={"parameters": parameters}),
        f"A number of {item.name!r} is not the one that the text gives.",
    )


def _with_slip(item: Parameter, random: Random) -> Parameter:
    value = item.value
    if isinstance(value, DenseValues):
        return item.model_copy(
            update={"value": value.model_copy(update={"values": _one(value.values, random)})}
        )
    assert isinstance(value, float | int)
    return item.model_copy(update={"value": _slipped(float(value), random)})


def _one(values: Nested, random: Random) -> Nested:
    if not isinstance(values, tuple):
        return _slipped(float(values), random)
    if not values:
        return values
    place = random.randrange(len(values))
    return (*values[:place], _one(values[place], random), *values[place + 1 :])


def _slipped(value: float, random: Random) -> float:
    """The number with a digit too many, one too few, or its first two digits exchanged."""
    if not value:
        return 1.0
    digits = f"{value:g}"
    ways = [value * 10, value / 10]
    if len(digits) > 1 and digits[:2].isdigit() and digits[0] != digits[1] and digits[1] != "0":
        ways.append(float(digits[1] + digits[0] + digits[2:]))
    return random.choice(ways)
