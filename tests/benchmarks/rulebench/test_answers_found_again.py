"""Small problems are answered once more without a solver, and another answer is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from r2c.errors import InputError
from r2c.solve.matrix import Goal, Matrix
from r2c_benchmarks.rulebench.make import make
from r2c_benchmarks.rulebench.optimum import Answer, Prover, same_answer
from r2c_benchmarks.rulebench.second.by_hand import by_hand
from r2c_benchmarks.rulebench.second.fractions_only import TooMuch, exact_answer, linear
from r2c_benchmarks.rulebench.second.plans import best_plan

INF = math.inf


def matrix(
    cost: list[float],
    rows: list[list[float]],
    high: list[float],
    *,
    low: list[float] | None = None,
    whole: bool = False,
    lower: float = 0.0,
) -> Matrix:
    n, m = len(cost), len(rows)
    none = np.array([], np.int32)
    goal = Goal("max", 0.0, np.array(cost), none, none, np.array([]))
    return Matrix(
        lower=np.full(n, lower),
        upper=np.full(n, INF),
        integer=np.full(n, whole),
        starts=np.arange(0, n * m + 1, n, dtype=np.int32),
        columns=np.tile(np.arange(n, dtype=np.int32), m),
        values=np.array([value for row in rows for value in row]),
        row_lower=np.array(low if low is not None else [-INF] * m),
        row_upper=np.array(high),
        goals=(goal,),
    )


def test_fractions_find_the_corner_that_is_best() -> None:
    found = exact_answer(matrix([3, 5], [[1, 0], [0, 2], [3, 2]], [4, 12, 18]))
    assert found == Answer("optimal", 36.0)


def test_fractions_find_the_best_whole_point() -> None:
    asked = matrix([5, 8], [[1, 1], [5, 9]], [6, 45], whole=True)
    assert exact_answer(asked) == Answer("optimal", 40.0)
    assert exact_answer(replace(asked, integer=np.array([False, False]))) == Answer(
        "optimal", 41.25
    )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (matrix([1, 1], [[1, 1], [1, 0]], [3, INF], low=[-INF, 5]), "infeasible"),
        (matrix([1, 0], [[1, -1]], [2]), "unbounded"),
        (matrix([1, 1], [[2, 2]], [3], low=[3], whole=True), "infeasible"),
    ],
)
def test_fractions_see_that_there_is_no_optimum(asked: Matrix, status: str) -> None:
    ends_here = status != "infeasible" or not asked.integer.any()
    found = exact_answer(asked if ends_here else replace(asked, upper=np.array([5.0, 5.0])))
    assert found is not None and found.status == status


def test_columns_without_an_end_below_are_parted() -> None:
    assert exact_answer(matrix([-1, -1], [[-1, -2]], [-4], low=[-9], lower=-INF)) == Answer(
        "unbounded"
    )
    asked = matrix([-1, -1], [[-1, 0], [0, -1]], [7, 2], lower=-INF)
    assert exact_answer(asked) == Answer("optimal", 9.0)


def test_too_many_steps_are_given_up() -> None:
    one = Fraction(1)
    with pytest.raises(TooMuch):
        linear([one], [({0: one}, Fraction(4))], [(Fraction(0), None)], [0])


@pytest.mark.slow
def test_all_plans_of_small_problems_come_to_the_answer_of_the_solver(prover: Prover) -> None:
    ways: dict[str, int] = {}
    for number in range(16):
        made = make(f"again{number}", 1, prover)
        assert made.answer is not None
        way = by_hand(made.cir, made.answer, made.selection.story.id)
        ways[way] = ways.get(way, 0) + 1
        counted = best_plan(made.cir)
        assert counted is None or same_answer(counted, made.answer)
    assert ways.get("fractions", 0) + ways.get("plans", 0) >= 4, ways


@pytest.mark.slow
def test_another_answer_than_that_of_the_solver_is_refused(prover: Prover) -> None:
    for number in range(30):
        made = make(f"refused{number}", 1, prover)
        answer = made.answer
        assert answer is not None and answer.objective is not None
        if by_hand(made.cir, answer, "x"):
            wrong = replace(answer, objective=answer.objective * 1.01)
            with pytest.raises(InputError, match="R2C-B092"):
                by_hand(made.cir, wrong, "x")
            return
    pytest.fail("none of the problems was answered by hand")
