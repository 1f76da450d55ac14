"""Readings compared by what the best plan is worth: a question where they differ.

Where all readings come to the same optimum nobody needs to be asked: the reading is noted as an
assumption.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from r2c.cir.asked import Asked, Option
from r2c.cir.edits import Edit
from r2c.cir.schema import Assumption
from r2c.cir.write import number
from r2c.formulation import Outcome, Solution
from r2c.verdict.questions.doubt import ONLY_PLAN, Doubt

Solved = Callable[[Sequence[Edit]], Solution | None]
"""What the plan is worth after some edits; None if that could not be found out."""
_SAME = 1e-6
_DIGITS = 6
NOT_COMPARED = "the other reading could not be solved in time to compare"
MOST = 6
"""Doubts that are weighed; each reading of one costs a solve."""


def weighed(
    doubts: Iterable[Doubt], base: Solution, sense: str, solve: Solved
) -> tuple[tuple[Asked, ...], tuple[Assumption, ...]]:
    """The questions that are worth asking, and what is assumed in place of the others.

    Args:
        doubts: the points that can be read in more than one way.
        base: the solution of the model as it stands.
        sense: `min` or `max`, of the first goal.
        solve: solves the model with edits.
    """
    questions: dict[str, Asked] = {}
    assumed: list[Assumption] = []
    every = list(doubts)
    assumed += [
        Assumption(text=f"{doubt.asked.text} Taken as read, not compared.", about=doubt.asked.about)
        for doubt in every[MOST:]
    ]
    for doubt in every[:MOST]:
        options = tuple(
            _worth(option, solve(option.edits) if option.edits else base)
            for option in doubt.asked.options
        )
        asked = doubt.asked.model_copy(update={"options": options})
        known = [option for option in options if option.outcome is not None]
        if len(known) == len(options) and _all_the_same(known):
            own = next((item for item in options if not item.edits), options[0])
            assumed.append(
                Assumption(
                    text=f"{asked.text} Taken: {own.meaning}; the optimum is the same otherwise.",
                    about=asked.about,
                )
            )
            continue
        if len(known) < len(options):
            asked = asked.model_copy(update={"reason": NOT_COMPARED})
        elif doubt.prefer == "cautious" and any(item.objective is None for item in known):
            asked = asked.model_copy(update={"reason": ONLY_PLAN})
        questions.setdefault(asked.id, told(asked, _default(doubt, options, sense)))
    return tuple(questions.values()), tuple(assumed)


def told(asked: Asked, default: str | None = None) -> Asked:
    """The question with its default and with what each answer comes to as its consequence."""
    parts = [f"if {item.meaning}: {_comes_to(item)}" for item in asked.options if item.outcome]
    consequence = "; ".join(parts)
    return asked.model_copy(
        update={
            "default": default if default is not None else asked.default,
            "consequence": f"{consequence[:1].upper()}{consequence[1:]}." if parts else "",
        }
    )


def _worth(option: Option, solution: Solution | None) -> Option:
    if solution is None or solution.outcome is Outcome.LIMIT:
        return option
    return option.model_copy(
        update={"outcome": solution.outcome.value, "objective": solution.objective}
    )


def _comes_to(option: Option) -> str:
    if option.objective is not None:
        return number(float(f"{option.objective:.{_DIGITS + 3}g}"))
    return {
        Outcome.INFEASIBLE.value: "no plan keeps all rules",
        Outcome.UNBOUNDED.value: "there is no best plan, it can always be better",
    }.get(option.outcome or "", option.outcome or "")


def _all_the_same(options: Sequence[Option]) -> bool:
    first = options[0]
    return all(
        item.outcome == first.outcome
        and (
            item.objective == first.objective
            if item.objective is None or first.objective is None
            else math.isclose(item.objective, first.objective, rel_tol=_SAME, abs_tol=_SAME)
        )
        for item in options
    )


def _default(doubt: Doubt, options: Sequence[Option], sense: str) -> str | None:
    if doubt.prefer == "named":
        return doubt.asked.default
    with_plan = [item for item in options if item.objective is not None]
    if not with_plan:
        return next((item.value for item in options if not item.edits), options[0].value)
    least = min if sense == "max" else max
    return least(with_plan, key=lambda item: item.objective or 0.0).value
