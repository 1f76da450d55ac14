from __future__ import annotations

import numpy as np
import pytest

from r2c.errors import InputError
from r2c_training.merge.operators import operator, operators
from r2c_training.merge.operators.block import Block, Tensor
from r2c_training.merge.operators.operator import BaseUse, Reach
from r2c_training.merge.operators.whole import cut, merge_tensor

TENSOR = Tensor("layer.weight", (4, 3), ("one", "two"))


def test_operators_are_found_by_listing_the_folder() -> None:
    assert {"linear", "task_arithmetic"} <= set(operators())


@pytest.mark.parametrize("name", operators())
def test_every_operator_says_what_it_is(name: str) -> None:
    found = operator(name)
    assert found.name == name
    assert found.summary.endswith(".")
    assert found.paper
    assert isinstance(found.reach, Reach)
    assert isinstance(found.base, BaseUse)
    for options in (found.merge_options, found.model_options):
        assert all(field.description for field in options.model_fields.values())


def test_an_operator_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="R2C-T102"):
        operator("ties_merging")


def test_an_unknown_option_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"R2C-T100(.|\n)*lamda(.|\n)*lambda"):
        operator("task_arithmetic").choose({"lamda": 2.0}, [{"weight": 1.0}])


def test_blocks_cover_a_tensor_and_respect_its_rows() -> None:
    assert list(cut(TENSOR, Reach.ELEMENT, 5)) == [(0, 5), (5, 5), (10, 2)]
    assert list(cut(TENSOR, Reach.ROWS, 7)) == [(0, 6), (6, 6)]
    assert list(cut(TENSOR, Reach.ROWS, 2)) == [(0, 3), (3, 3), (6, 3), (9, 3)]
    assert list(cut(TENSOR, Reach.TENSOR, 2)) == [(0, 12)]


def test_an_additive_merge_may_take_any_model_as_reference() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.standard_normal((2, 12)).astype(np.float32)
    linear = operator("linear")
    for normalize in (True, False):
        options = linear.choose({"normalize": normalize}, [{"weight": 0.2}, {"weight": 0.5}])
        plain = merge_tensor(linear, TENSOR, None, [first, second], options)
        moved = merge_tensor(linear, TENSOR, first, [None, second - first], options)
        np.testing.assert_allclose(plain, moved, atol=1e-6)


def test_the_base_is_not_written_to() -> None:
    base = np.ones(12, dtype=np.float32)
    block = Block(TENSOR, 0, 12, base, (base, None))
    arithmetic = operator("task_arithmetic")
    merged = arithmetic.merge(block, None, arithmetic.choose({}, [{"weight": 2.0}, {"weight": 1}]))
    assert merged.tolist() == [3.0] * 12
    assert base.tolist() == [1.0] * 12
