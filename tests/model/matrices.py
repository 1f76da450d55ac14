"""Both ways to the solver's matrix, held against each other."""

from __future__ import annotations

from r2c.cir.instance import Instance
from r2c.errors import R2CError
from r2c.model.arrays.model import ArrayModel
from r2c.model.build import build
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.solve.compiled import compiled
from r2c.solve.matrix import Goal, Matrix, matrix_of

ARRAYS = (
    "lower", "upper", "integer", "starts", "columns", "values", "row_lower", "row_upper"
)  # fmt: skip


def same_both_ways(
    plain: PlainModel, instance: Instance, limits: SizeLimits | None = None
) -> ArrayModel | None:
    """The arrays, after Pyomo gave the same to the last bit; None if both raised the same fault."""
    try:
        built = build(plain, instance, limits)
    except R2CError as error:
        expected = error.fault
        try:
            compiled(plain, instance, limits)
        except R2CError as found:
            assert found.fault == expected
            return None
        raise AssertionError(f"the arrays raise nothing where Pyomo raises {expected}") from error
    model = compiled(plain, instance, limits)
    assert_same(matrix_of(built), model.matrix)
    assert model.map == built.map
    return model.arrays


def assert_same(expected: Matrix, found: Matrix) -> None:
    """Equal arrays, in the same order, down to the bits."""
    for name in ARRAYS:
        one, other = getattr(expected, name), getattr(found, name)
        assert one.dtype == other.dtype, name
        assert one.tobytes() == other.tobytes(), f"{name}: {one} and {other}"
    assert len(expected.goals) == len(found.goals)
    for goal, other_goal in zip(expected.goals, found.goals, strict=True):
        _assert_same_goal(goal, other_goal)


def _assert_same_goal(expected: Goal, found: Goal) -> None:
    assert (expected.sense, expected.offset) == (found.sense, found.offset)
    assert expected.cost.tobytes() == found.cost.tobytes()
    squares = [
        sorted(zip(goal.first, goal.second, goal.weights, strict=True))
        for goal in (expected, found)
    ]
    assert squares[0] == squares[1]
