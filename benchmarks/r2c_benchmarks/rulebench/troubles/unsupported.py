"""A law that no linear model expresses, told with its numbers, and that changes what is best.

It is one over fractions: over few whole amounts a law has an exact linear model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from random import Random

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Add, Expr, Fold, Mul, Num
from r2c.cir.instance import bind
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.cir.write import write
from r2c_benchmarks.rulebench.assemble import assemble
from r2c_benchmarks.rulebench.draw import Numbers, draw
from r2c_benchmarks.rulebench.optimum import Answer, Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Law
from r2c_benchmarks.rulebench.troubles import Spoilt, Status

STATUS: Status = "unsupported"
_DRAWS = 3
_BETTER = 0.002
"""Share of the objective by which another plan is better than the one that is best without it."""
_LOTS = frozenset(("integrality_indivisibility", "lot_pack_multiples"))
"""They make amounts whole, and a law over few amounts has an exact linear model."""
_SLOPES = (1.0, 4.0, 0.3)
_SHAPES: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "root": (math.sqrt, lambda x: 0.5 / math.sqrt(max(x, 0.25))),
    "log": (math.log1p, lambda x: 1.0 / (1.0 + x)),
    "power": (lambda x: x**1.5, lambda x: 1.5 * math.sqrt(x)),
}
"""The laws and their slopes."""


def spoil(selection: Selection, numbers: Numbers, prover: Prover, random: Random) -> Spoilt | None:
    """Add one of the story's laws, with numbers that make another plan better."""
    if any(rule.archetype in _LOTS for rule in selection.rules) or not selection.story.beyond:
        return None
    law = random.choice(selection.story.beyond)
    ruled = replace(selection, laws=(law,))
    for _ in range(_DRAWS):
        found = draw(ruled, random)
        if not found.zeros and matters(law, ruled, found, prover):
            said = random.choice(selection.words(law.said))
            return Spoilt(ruled, found, f"the {law.shape} of {write(law.of)} is not linear", [said])
    return None


def matters(law: Law, selection: Selection, numbers: Numbers, prover: Prover) -> bool:
    """Whether some plan beats the best plan of the linear part once the law counts.

    Other plans are the best ones if the law is taken as linear, with slopes near that at the first.
    """
    cir = assemble(selection, numbers)
    story = selection.story
    first = prover.answer(cir, story.id)
    if first.objective is None:
        return False
    shape, slope = _SHAPES[law.shape]
    sign = -1.0 if law.lowers else 1.0
    amounts = _amounts(law, selection, cir, first)
    if not amounts:
        return False
    worth = first.objective + sign * sum(by * shape(of) for by, of in amounts)
    middle = sign * slope(sum(of for _, of in amounts) / len(amounts))
    (goal,) = cir.objectives
    for factor in _SLOPES:
        tilt = round(middle * factor, 9)
        bent = goal.model_copy(update={"expr": Add((goal.expr, _linear(law, tilt)))})
        second = prover.optimum(cir.model_copy(update={"objectives": (bent,)}), story.id)
        if second.objective is None:
            continue
        others = _amounts(law, selection, cir, second)
        plain = second.objective - tilt * sum(by * of for by, of in others)
        gain = plain + sign * sum(by * shape(of) for by, of in others) - worth
        if (gain if story.aim.sense == "max" else -gain) > _BETTER * abs(worth):
            return True
    return False


def _linear(law: Law, slope: float) -> Expr:
    whole: Expr = Mul((law.by, law.of))
    return Mul((Num(slope), whole if law.forall is None else Fold("sum", whole, law.forall)))


def _amounts(law: Law, selection: Selection, cir: CIR, answer: Answer) -> list[tuple[float, float]]:
    """The factor of the law and what it is the law of, for each member, at a plan."""
    values = answer.values or {}
    plan: dict[str, dict[Key, float]] = {}
    for wanted in selection.decisions:
        keys = product(*(selection.members[name] for name in wanted.over))
        plan[wanted.name] = {
            key: values[f"{wanted.name}[{','.join(map(str, key))}]"] for key in keys
        }
    told: Evaluator[float] = Evaluator(bind(cir).require(), plan)
    factors = dict(told.each(law.by, law.forall))
    return [(factors[key], max(value, 0.0)) for key, value in told.each(law.of, law.forall)]
