"""The optimum of a problem with a law that is not linear, by cutting planes.

A cost that grows faster and faster lies above each of its tangents, a gain that grows slower and
slower below. With z in place of the law and a tangent for each amount met, a linear model bounds
the optimum; the law at its plan is what can be had. Both meet (Kelley 1960, J. SIAM 8(4), 703-712).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import product

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Add, Compare, CompareOp, Expr, Fold, Item, Mul, Name, Num
from r2c.cir.instance import bind
from r2c.cir.members import Key
from r2c.cir.schema import CIR, Decision, Rule
from r2c_benchmarks.rulebench.optimum import Answer, Prover
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Law

SHAPES: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "root": (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
    "log": (math.log1p, lambda x: 1.0 / (1.0 + x)),
    "power": (lambda x: x**1.5, lambda x: 1.5 * math.sqrt(x)),
}
"""The laws and their slopes."""
_ROUNDS = 25
_CLOSE = 1e-7
"""Share of the objective by which bound and plan may differ."""
_SMALLEST = 1e-6
_FIRST = (1.0, 10.0, 100.0)


def best(law: Law, selection: Selection, cir: CIR, prover: Prover) -> tuple[float, float] | None:
    """The optimum with a law, and what the plan that is best without it is worth once it counts.

    None if the bound does not come down to a plan, or there is no optimum.
    """
    first = prover.answer(cir, selection.story.id)
    if first.objective is None:
        return None
    at = amounts(law, selection, cir, first)
    worth = reached = _worth(law, at, first.objective)
    points = sorted({*_FIRST, *(max(amount, _SMALLEST) for _, amount in at)})
    sign = 1.0 if selection.story.aim.sense == "max" else -1.0
    for _ in range(_ROUNDS):
        outer = prover.optimum(_cut(law, cir, points), selection.story.id)
        if outer.objective is None:
            return None
        at = amounts(law, selection, cir, outer)
        found = _worth(law, at, _rest(law, at, outer.objective, points))
        reached = sign * max(sign * reached, sign * found)
        if sign * (outer.objective - reached) <= _CLOSE * max(1.0, abs(reached)):
            return reached, worth
        points = sorted({*points, *(max(amount, _SMALLEST) for _, amount in at)})
    return None


def amounts(law: Law, selection: Selection, cir: CIR, answer: Answer) -> list[tuple[float, float]]:
    """The factor of the law and what it is the law of, for each member, at a plan."""
    told = _at(selection, cir, answer)
    factors = dict(told.each(law.by, law.forall))
    return [(factors[key], max(value, 0.0)) for key, value in told.each(law.of, law.forall)]


def _worth(law: Law, of: list[tuple[float, float]], linear: float) -> float:
    """The objective of a plan once the law counts, from its factors, its amounts and the rest."""
    found = sum(by * SHAPES[law.shape][0](amount) for by, amount in of)
    return linear + (-found if law.lowers else found)


def _rest(law: Law, of: list[tuple[float, float]], objective: float, points: list[float]) -> float:
    """The objective of a plan of the model with tangents, less what stands for the law."""
    shape, slope = SHAPES[law.shape]
    outermost = max if law.shape == "power" else min
    found = sum(
        by * max(0.0, outermost(shape(x) + slope(x) * (amount - x) for x in points))
        for by, amount in of
    )
    return objective - (-found if law.lowers else found)


def _at(selection: Selection, cir: CIR, answer: Answer) -> Evaluator[float]:
    values = answer.values or {}
    plan: dict[str, dict[Key, float]] = {}
    for wanted in selection.decisions:
        keys = product(*(selection.members[name] for name in wanted.over))
        plan[wanted.name] = {
            key: values[f"{wanted.name}[{','.join(map(str, key))}]"] for key in keys
        }
    return Evaluator(bind(cir).require(), plan)


def _cut(law: Law, cir: CIR, points: list[float]) -> CIR:
    """The model with a new decision for the shape of the law, beside its tangents."""
    loops = law.forall.loops if law.forall else ()
    indices = tuple(name for loop in loops for name in loop.targets)
    over = tuple(loop.domain.id for loop in loops if isinstance(loop.domain, Name))
    bent: Expr = Item("bent", tuple(map(Name, indices))) if indices else Name("bent")
    shape, slope = SHAPES[law.shape]
    op: CompareOp = ">=" if law.shape == "power" else "<="
    rules = [
        Rule(
            id=f"tangent_{number}",
            forall=law.forall,
            operands={
                "relation": Compare(
                    (op,),
                    (bent, Add((Mul((Num(by), law.of)), Num(shape(point) - by * point)))),
                )
            },
        )
        for number, point in enumerate(points)
        for by in (slope(point),)
    ]
    (goal,) = cir.objectives
    whole: Expr = Mul((law.by, bent))
    term = Mul((Num(-1.0 if law.lowers else 1.0), _all(whole, law)))
    bowed = goal.model_copy(update={"expr": Add((goal.expr, term))})
    decision = Decision(name="bent", over=over, indices=indices, meaning="the law")
    return cir.model_copy(
        update={
            "decisions": (*cir.decisions, decision),
            "rules": (*cir.rules, *rules),
            "objectives": (bowed,),
        }
    )


def _all(of: Expr, law: Law) -> Expr:
    return of if law.forall is None else Fold("sum", of, law.forall)
