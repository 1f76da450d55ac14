"""The optimum by trying every plan: slow, simple, and independent of rows and solvers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.errors import ModelError, declare
from r2c.model.affine import Variable
from r2c.model.bounds import Bounds
from r2c.model.formula import Formula, as_function
from r2c.model.meaning import Meaning, meaning
from r2c.model.measures import TOLERANCE
from r2c.model.reformulate import decision_variable
from r2c.model.symbols import Symbols

TOO_MANY_PLANS = declare(
    "R2C-S090",
    ModelError,
    what="{reason}.",
    why="Trying every plan needs whole decisions with narrow bounds, at most {limit} plans.",
    remedy="Use a smaller instance, or solve it.",
)

MAX_PLANS = 200_000


@dataclass(frozen=True)
class Best:
    """The best plan, if any plan keeps all rules; `plans` is how many were tried."""

    objective: float | None
    plan: Mapping[Variable, float]
    plans: int


def brute_force(instance: Instance, library: Mapping[str, Card]) -> Best:
    """The best of all plans, judged by the rules' meaning.

    Raises:
        ModelError: R2C-S090 if a decision takes fractions, is unbounded, or plans are too many.
        R2CError: the first fault of a rule that has no meaning.
    """
    cir = instance.cir
    told, faults = meaning(cir, library, instance)
    if faults:
        raise ModelError(faults[0])
    names, choices = _choices(instance, told)
    derived = [item for item in told.created if item.value is not None]
    goals = [(goal, as_function(value)) for goal, value in _goals(instance, told)]
    flip = -1.0 if cir.objectives and cir.objectives[0].sense == "max" else 1.0
    best: tuple[float, dict[Variable, float]] | None = None
    plans = 0
    for values in product(*choices):
        plans += 1
        point = dict(zip(names, values, strict=True))
        for item in derived:
            assert item.value is not None
            point[item.variable] = item.value(point)
        if not _whole(told, point) or next(told.broken(point), None) is not None:
            continue
        total = sum(weight * value(point) for weight, value in goals)
        total += flip * sum(cost(point) for _, cost in told.costs)
        if best is None or flip * total < flip * best[0]:
            best = total, point
    return Best(None, {}, plans) if best is None else Best(best[0], best[1], plans)


def _choices(instance: Instance, told: Meaning) -> tuple[list[Variable], list[list[float]]]:
    """The free variables, and the values that each can take."""
    symbols = Symbols(instance.cir)
    decisions = [decision_variable(item, symbols) for item in instance.cir.decisions]
    names: list[Variable] = []
    choices: list[list[float]] = []
    for variable, span in Bounds(instance, decisions).declared.items():
        if not span.integer or math.isinf(span.lower) or math.isinf(span.upper):
            reason = f"The decision {variable[0]!r} cannot be enumerated"
            raise TOO_MANY_PLANS(reason=reason, limit=MAX_PLANS)
        names.append(variable)
        choices.append([float(k) for k in range(math.ceil(span.lower), math.floor(span.upper) + 1)])
    for item in told.created:
        if item.value is None:
            if item.domain != "binary":
                reason = f"The output {item.variable[0]!r} cannot be enumerated"
                raise TOO_MANY_PLANS(reason=reason, limit=MAX_PLANS)
            names.append(item.variable)
            choices.append([0.0, 1.0])
    count = math.prod(map(len, choices))
    if count > MAX_PLANS:
        raise TOO_MANY_PLANS(reason=f"There are {count} plans", limit=MAX_PLANS)
    return names, choices


def _goals(instance: Instance, told: Meaning) -> Iterator[tuple[float, Formula | float]]:
    """The first tier's objectives, weighted, in the sense of the first of them."""
    goals = instance.cir.objectives
    values: dict[str, dict[tuple[str | int, ...], Formula]] = {}
    symbols = Symbols(instance.cir)
    decisions = [decision_variable(item, symbols) for item in instance.cir.decisions]
    for name, key in Bounds(instance, decisions).declared:
        values.setdefault(name, {})[key] = Formula.variable((name, key))
    for item in told.created:
        name, key = item.variable
        values.setdefault(name, {})[key] = Formula.variable(item.variable)
    evaluator: Evaluator[Formula] = Evaluator(instance, values)
    for goal in goals:
        if goal.tier == min(item.tier for item in goals):
            sign = 1.0 if goal.sense == goals[0].sense else -1.0
            yield sign * goal.weight, evaluator.value(goal.expr)


def _whole(told: Meaning, point: Mapping[Variable, float]) -> bool:
    return all(
        item.domain == "continuous"
        or abs(point[item.variable] - round(point[item.variable])) <= TOLERANCE
        for item in told.created
    )
