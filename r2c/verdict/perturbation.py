"""More of a number that its name calls a limit, a need or a cost: the optimum moves one way only.

A larger budget cannot make the best plan worse, and a larger minimum cannot make it better. Each
number with such a name is raised, and the model solved again. Numbers that move nothing, neither
raised nor lowered, are named: with other data they may, so that is no fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from r2c.cir.expr import Compare, symbols, walk
from r2c.cir.instance import Instance
from r2c.cir.members import Values
from r2c.cir.schema import CIR, Parameter, TableValues
from r2c.formulation import Evidence, Outcome, Solution
from r2c.verdict.extra_solves import ExtraSolves
from r2c.verdict.wording import counted

NAME = "perturbation"
Effect = Literal["helps", "hurts"]
MORE, LESS = 1.3, 0.6
"""What a number is multiplied by."""
MOST = 6
"""Numbers that are tried."""
_SAME = 1e-4
"""Relative; a solver may stop this far from the optimum."""
_HELPS = re.compile(
    r"\b(?:available|availability|capacit(?:y|ies)|budgets?|limits?|maximum|max|largest|longest"
    r"|latest|upper|allowed|allowance|most|revenues?|profits?|gains?|benefits?|earnings?"
    r"|selling\s+prices?|takings|incomes?)\b",
    re.IGNORECASE,
)
_HURTS = re.compile(
    r"\b(?:minimum|min|required|requirements?|needs?|least|smallest|shortest|earliest|lower"
    r"|costs?|penalt(?:y|ies)|surcharges?|expenses?"
    r"|purchase\s+prices?)\b",
    re.IGNORECASE,
)
_NEITHER = re.compile(
    r"\b(?:parts?|shares?|saved|savings?|ratios?|weights?\s+limit|of\s+the\s+costs?)\b",
    re.IGNORECASE,
)
"""What is a part of an amount may be wanted, whatever the amount is."""


@dataclass(frozen=True)
class _Move:
    name: str
    called: str
    expected: Effect
    moved: float | None
    """By how much the optimum got better, relative; None if it is not known."""


def perturbation(cir: CIR, solution: Solution, instance: Instance, solves: ExtraSolves) -> Evidence:
    """Whether the optimum moves the way that the names of numbers say.

    Args:
        cir: The model.
        solution: Its optimum.
        instance: Its data.
        solves: Solves that may be spent.
    """
    fixed = _fixed(cir)
    named = [found for item in cir.parameters if item.name not in fixed and (found := _named(item))]
    if len({goal.tier for goal in cir.objectives}) != 1 or solution.objective is None or not named:
        return _silent("No number has a name that tells how it moves a single goal.")
    if why := solves.why_not:
        return _silent(why)
    moves = [
        _Move(item.name, called, effect, moved)
        for item, called, effect in named[:MOST]
        if (moved := _moved(item.name, MORE, cir, solution, instance, solves)) is not None
    ]
    wrong = [move for move in moves if _against(move)]
    unmoved = [
        move.called
        for move in moves
        if move.moved == 0 and _moved(move.name, LESS, cir, solution, instance, solves) == 0
    ]
    if not moves:
        return _silent("No changed model could be solved to the end.")
    told = f"{counted(len(moves), 'number')} raised; none moves the optimum the wrong way."
    idle = f" Nothing depends on {', '.join(unmoved)} now." if unmoved else ""
    return Evidence(
        check=NAME,
        passed=not wrong,
        message=" ".join(map(_told, wrong)) or told + idle,
        details={
            "raised": [move.name for move in moves],
            "against": [move.name for move in wrong],
            "unmoved": list(unmoved),
        },
    )


def _fixed(cir: CIR) -> frozenset[str]:
    """Numbers that something must equal: more of a budget that must be spent may be worse."""
    return frozenset(
        name
        for rule in cir.rules
        for expr in rule.operands.values()
        for node in walk(expr)
        if isinstance(node, Compare) and "==" in node.ops
        for name in symbols(node)
    )


def _silent(message: str) -> Evidence:
    return Evidence(check=NAME, passed=None, message=message)


def _named(item: Parameter) -> tuple[Parameter, str, Effect] | None:
    called = item.name.replace("_", " ")
    words = f"{called} {item.value.value}" if isinstance(item.value, TableValues) else called
    helps, hurts = _HELPS.search(words), _HURTS.search(words)
    if _NEITHER.search(words) or bool(helps) == bool(hurts):
        return None
    return item, called, "helps" if helps else "hurts"


def _moved(
    name: str, factor: float, cir: CIR, solution: Solution, instance: Instance, solves: ExtraSolves
) -> float | None:
    """By how much the optimum gets better if a number is multiplied."""
    values = instance.parameters.get(name)
    if not values or any(value < 0 for value in values.values()):
        return None
    changed = {
        key: float(round(value * factor)) if float(value).is_integer() else value * factor
        for key, value in values.items()
    }
    if changed == dict(values):
        return None
    held = Values(name, values.over, changed)
    other = replace(instance, parameters={**instance.parameters, name: held})
    return _better(solution, solves.solved(cir, other), cir)


def _better(old: Solution, new: Solution | None, cir: CIR) -> float | None:
    if new is None or old.objective is None:
        return None
    if new.objective is None:
        return -1.0 if new.outcome is Outcome.INFEASIBLE else None
    gain = new.objective - old.objective
    if cir.objectives[0].sense == "min":
        gain = -gain
    size = max(1.0, abs(old.objective))
    return 0.0 if abs(gain) <= _SAME * size else gain / size


def _against(move: _Move) -> bool:
    if not move.moved:
        return False
    return (move.moved < 0) == (move.expected == "helps")


def _told(move: _Move) -> str:
    way = {"helps": "worse", "hurts": "better"}[move.expected]
    return f"With more {move.called} the best plan would get {way}."
