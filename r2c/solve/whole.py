"""Integer values made whole, without breaking the rows that hold only for the nearly whole ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from r2c.solve.ask import Answer
from r2c.solve.matrix import Floats, Goal
from r2c.solve.settle import FEASIBLE, SUSPECT, Questioner, Settled

_NEARLY = 1e-4
"""HiGHS calls values within 1e-6 whole, and repaired ones may be a little further off."""


def made_whole(questioner: Questioner, goal: Goal, settled: Settled) -> Settled:
    """Round the integer values of a point; solve for the others again if rounding breaks a row."""
    answer, matrix = settled.answer, questioner.matrix
    if answer.point is None or not matrix.integer.any():
        return settled
    point = answer.point.copy()
    whole = np.round(point[matrix.integer])
    far = float(np.max(np.abs(whole - point[matrix.integer]), initial=0.0))
    if far > _NEARLY:
        note = f"{SUSPECT}a whole number came back as a fraction, {far:.2g} off."
        return Settled(answer, (*settled.notes, note))
    point[matrix.integer] = whole
    if matrix.violation(point) <= max(FEASIBLE, matrix.violation(answer.point)):
        return Settled(replace(answer, point=point), settled.notes)
    repaired = _others_again(questioner, goal, point)
    if repaired is None:
        note = f"{SUSPECT}rounding the whole numbers breaks a row; they are only nearly whole."
        return Settled(answer, (*settled.notes, note))
    return Settled(replace(answer, point=repaired), settled.notes)


def _others_again(questioner: Questioner, goal: Goal, point: Floats) -> Floats | None:
    matrix = questioner.matrix
    whole = point[matrix.integer]
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[matrix.integer] = upper[matrix.integer] = whole
    fixed = replace(matrix, lower=lower, upper=upper, integer=np.zeros_like(matrix.integer))
    held: Answer = replace(questioner, matrix=fixed).ask(goal)
    if held.point is None or fixed.violation(held.point) > FEASIBLE:
        return None
    found = held.point.copy()
    found[matrix.integer] = whole
    return found
