"""A model in another order of rows and variables is the same problem."""

from __future__ import annotations

import numpy as np
import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.model.build import build
from r2c.model.reformulate import reformulate
from r2c.solve.ask import ask
from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix, matrix_of
from r2c.solve.process import SolverProcess
from r2c_benchmarks.paradigms.instances import lot_sizing_with_setups
from r2c_benchmarks.paradigms.shuffle import in_order


@pytest.fixture
def matrix() -> Matrix:
    cir = lot_sizing_with_setups.instance(4, 0)
    instance = bind(cir).require()
    return matrix_of(build(reformulate(cir, standard_library(), instance), instance))


def test_the_order_changes_and_the_optimum_does_not(matrix: Matrix) -> None:
    found = []
    with SolverProcess() as process:
        for number in range(3):
            moved = in_order(matrix, number)
            answer = ask(process, moved, moved.goals[0], Limits(), seconds=20)
            assert answer.point is not None and moved.violation(answer.point) < 1e-6
            found.append(moved.goals[0].value(answer.point))
    assert found == pytest.approx([found[0]] * 3)


def test_order_zero_is_the_written_one_and_others_are_the_same_each_time(matrix: Matrix) -> None:
    assert in_order(matrix, 0) is matrix
    first, again = in_order(matrix, 1), in_order(matrix, 1)
    assert np.array_equal(first.columns, again.columns)
    assert not np.array_equal(first.columns, matrix.columns)
    assert sorted(first.values) == sorted(matrix.values)
