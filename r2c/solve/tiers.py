"""Lexicographic goals: each tier is solved while the earlier ones keep what they reached."""

from __future__ import annotations

from dataclasses import dataclass, replace

from r2c.errors import ModelError, declare
from r2c.solve.matrix import Goal, Matrix
from r2c.solve.settle import Questioner, Settled, settle

QUADRATIC_TIER = declare(
    "R2C-S010", ModelError,
    what="The quadratic goal of tier {tier} comes before other goals.",
    why="Holding it while the next goal is optimized would need a quadratic row.",
    remedy="Put the quadratic goal last, or replace it by a linear one.",
)  # fmt: skip
SLACK = 1e-7
"""Share by which an earlier goal may worsen where holding it exactly leaves no room to round."""


@dataclass(frozen=True)
class TieredAnswer:
    """The last tier's answer, the goals that were reached, and whether all tiers were solved."""

    settled: Settled
    reached: tuple[float, ...]
    complete: bool


def solve_tiers(questioner: Questioner) -> TieredAnswer:
    """Solve every tier in order; a model without goals is asked for any feasible point.

    A tier that finds no optimum ends the series; the point of the tier before stays the answer.
    If there is none because nothing limits the goal, no plan is the best: that is the answer.

    Raises:
        ModelError: R2C-S010 if a quadratic goal is not the last.
    """
    goals = goals_of(questioner.matrix)
    for tier, goal in enumerate(goals[:-1]):
        if goal.quadratic:
            raise QUADRATIC_TIER(tier=tier)
    first = settle(questioner, goals[0])
    if first.answer.reading != "optimal" or first.answer.point is None:
        return TieredAnswer(first, (), len(goals) == 1)
    reached = [goals[0].value(first.answer.point)]
    notes, best, held = list(first.notes), first.answer, questioner
    for tier, goal in enumerate(goals[1:], 2):
        matrix = held.matrix
        held = replace(held, matrix=matrix.holding(goals[tier - 2], reached[-1]))
        settled = settle(held, goal)
        if settled.answer.reading == "infeasible":
            matrix = matrix.holding(goals[tier - 2], with_room(goals[tier - 2], reached[-1]))
            held = replace(held, matrix=matrix)
            settled = settle(held, goal)
        answer = settled.answer
        notes.extend(settled.notes)
        if answer.reading == "unbounded":
            notes.append(f"That is goal {tier}; the goals before it are held.")
            return TieredAnswer(Settled(answer, tuple(notes)), tuple(reached), False)
        if answer.reading != "optimal" or answer.point is None:
            notes.append(f"Goal {tier} has no proven optimum ({answer.status}).")
            best = answer if held.feasible(answer) else best
            kept = replace(best, reading="limit", failure=answer.failure)
            return TieredAnswer(Settled(kept, tuple(notes)), tuple(reached), False)
        best = answer
        reached.append(goal.value(answer.point))
    return TieredAnswer(Settled(best, tuple(notes)), tuple(reached), True)


def with_room(goal: Goal, value: float) -> float:
    """A little worse than a value that was reached, for holding it."""
    room = SLACK * max(1.0, abs(value))
    return value + (room if goal.sense == "min" else -room)


def goals_of(matrix: Matrix) -> tuple[Goal, ...]:
    """The goals of a matrix, or the one that every plan reaches if it has none."""
    return matrix.goals or (_no_goal(matrix),)


def _no_goal(matrix: Matrix) -> Goal:
    import numpy as np

    none = np.zeros(0, np.int32)
    return Goal("min", 0.0, np.zeros(matrix.shape[1]), none, none, np.zeros(0))
