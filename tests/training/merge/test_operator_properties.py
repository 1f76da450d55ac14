from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from samples import EXPERTS, family, merged, weights

from r2c_training.merge.operators import operator, operators
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.operator import BaseUse, Reach
from r2c_training.merge.operators.whole import cut

OPTIONS: dict[str, tuple[dict, dict]] = {
    "linear": ({}, {"weight": 1.0}),
    "task_arithmetic": ({}, {"weight": 1.0}),
    "ties": ({}, {"weight": 1.0, "density": 0.4}),
    "dare_linear": ({}, {"weight": 1.0, "density": 0.5}),
    "dare_ties": ({}, {"weight": 1.0, "density": 0.5}),
    "della": ({}, {"weight": 1.0, "density": 0.5}),
    "della_linear": ({}, {"weight": 1.0, "density": 0.5}),
    "breadcrumbs": ({}, {"weight": 1.0, "density": 0.5, "gamma": 0.1}),
    "breadcrumbs_ties": ({}, {"weight": 1.0, "density": 0.5, "gamma": 0.1}),
    "sce": ({"select_topk": 0.5}, {}),
    "slerp": ({"t": 0.4}, {}),
    "nuslerp": ({}, {"weight": 1.0}),
    "multislerp": ({}, {"weight": 1.0}),
    "karcher": ({}, {}),
    "model_stock": ({}, {}),
    "passthrough": ({}, {}),
    "iso_c": ({}, {}),
    "tsv_m": ({}, {}),
    "regmean": ({}, {}),
    "wudi": ({}, {}),
}
RANDOM = [name for name in operators() if operator(name).random]
SYMMETRIC = [
    name for name in operators() if name not in {"slerp", "nuslerp", "passthrough", *RANDOM}
]


def count_for(name: str) -> int:
    return min(3, operator(name).most or 3)


def on(name, base, deltas, **more):
    merge, model = OPTIONS[name]
    if operator(name).base is BaseUse.UNUSED:
        deltas = [base if delta is None else base + delta for delta in deltas]
        base = None
    return merged(name, base, deltas, merge, [model] * len(deltas), **more)


def test_every_operator_is_covered_here() -> None:
    assert set(OPTIONS) == set(operators())


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("elements", [1, 7, 16, 41])
def test_the_result_does_not_depend_on_the_cut_into_blocks(name: str, elements: int) -> None:
    base, deltas = family(count_for(name), shape=(8, 12), step=0.02)
    whole = on(name, base, deltas)
    parts = on(name, base, deltas, elements=elements)
    assert_allclose(parts, whole, rtol=3e-7, atol=1e-7)


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("shape", [(9,), (4, 3, 5), (1, 6), (1, 1)])
def test_tensors_of_any_shape_are_merged(name: str, shape: tuple[int, ...]) -> None:
    base, deltas = family(count_for(name), shape=shape)
    found = on(name, base, deltas, elements=4)
    assert found.shape == shape
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


@pytest.mark.parametrize("name", OPTIONS)
def test_experts_that_add_nothing_give_the_base(name: str) -> None:
    base, deltas = family(count_for(name))
    for nothing in (np.zeros_like(base), None):
        found = on(name, base, [nothing] * len(deltas), elements=11)
        assert_allclose(found, base, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_delta_that_is_not_there_is_a_delta_of_zeros(name: str) -> None:
    base, deltas = family(count_for(name))
    left_out = [*deltas[:-1], None]
    zeros = [*deltas[:-1], np.zeros_like(base)]
    assert_allclose(
        on(name, base, left_out, elements=11), on(name, base, zeros, elements=11), atol=1e-7
    )


@pytest.mark.parametrize("name", SYMMETRIC)
def test_the_order_of_experts_does_not_matter(name: str) -> None:
    base, deltas = family(count_for(name))
    assert_allclose(on(name, base, deltas), on(name, base, deltas[::-1]), atol=1e-6)


@pytest.mark.parametrize("name", RANDOM)
def test_random_draws_follow_the_expert_and_not_its_place(name: str) -> None:
    base, deltas = family()
    tensor = Tensor("t", base.shape, EXPERTS[:3])
    turned = Tensor("t", base.shape, EXPERTS[:3][::-1])
    straight = on(name, base, deltas, tensor=tensor)
    assert_allclose(straight, on(name, base, deltas[::-1], tensor=turned), atol=1e-6)
    assert np.abs(straight - on(name, base, deltas, tensor=turned)).max() > 1e-3


ALONE = ["linear", "task_arithmetic", "ties", "dare_linear", "dare_ties", "breadcrumbs"]


@pytest.mark.parametrize("name", [*ALONE, "della", "multislerp", "karcher", "sce"])
def test_one_expert_with_weight_one_and_all_its_elements_is_itself(name: str) -> None:
    base, deltas = family(count=1)
    models = [{"weight": 1.0}] if name not in {"karcher", "sce"} else [{}]
    if operator(name).base is BaseUse.UNUSED:
        assert (merged(name, None, [base + deltas[0]], {}, models) == base + deltas[0]).all()
    else:
        found = merged(name, base, deltas, {}, models, elements=11)
        assert_allclose(found, base + deltas[0], rtol=1e-6)


def test_slerp_ends_at_its_ends() -> None:
    base, deltas = family(count=1)
    other = base + 10 * deltas[0]
    for t, end in ((0.0, base), (1.0, other)):
        assert_allclose(merged("slerp", base, [other - base], {"t": t}), end, atol=2e-6)
    for share, end in ((0.0, base), (1.0, other)):
        models = weights(1 - share, share)
        assert_allclose(merged("nuslerp", None, [base, other], {}, models), end, atol=2e-6)


def test_karcher_of_two_is_the_middle_of_the_arc() -> None:
    base, deltas = family(count=1)
    first, second = (each / np.linalg.norm(each) for each in (base, base + 10 * deltas[0]))
    middle = merged("nuslerp", None, [first, second], {}, weights(1, 1))
    assert_allclose(merged("karcher", None, [first, second]), middle, atol=2e-6)


def test_models_on_one_line_are_merged_along_it() -> None:
    base, _ = family()
    assert_allclose(merged("slerp", base, [base], {"t": 0.5}), 1.5 * base, rtol=1e-6)
    assert_allclose(
        merged("nuslerp", None, [base, 3 * base], {}, weights(1, 1)), 2 * base, rtol=1e-6
    )
    opposite = merged("multislerp", None, [base, -base], {}, weights(1, 1))
    assert_allclose(opposite, 0 * base, atol=1e-6)


def test_updates_that_point_apart_as_far_as_can_be_leave_the_base() -> None:
    base, deltas = family(count=1)
    assert_allclose(merged("model_stock", base, [deltas[0], -deltas[0]]), base, atol=1e-6)


@pytest.mark.parametrize("name", operators())
def test_reach_says_which_cuts_are_allowed(name: str) -> None:
    found = operator(name)
    merge, model = OPTIONS[name]
    tensor = Tensor("model.layers.0.mlp.up_proj.weight", (4, 6), EXPERTS[: count_for(name)])
    options = found.choose(merge, [model] * count_for(name))
    reach = found.reach_of(tensor, options)
    assert reach is not Reach.MATRIX
    assert sum(length for _, length in cut(tensor, reach, 5)) == 24


@given(st.integers(0, 2**32), st.floats(-2, 2), st.floats(-2, 2), st.integers(1, 30))
def test_additive_operators_are_what_their_coefficients_say(seed, first, second, elements) -> None:
    base, deltas = family(count=2, seed=seed)
    without_mean = abs(first + second) < 1e-8
    for name in ("task_arithmetic",) if without_mean else ("linear", "task_arithmetic"):
        found = operator(name)
        options = found.choose({}, weights(first, second))
        tensor = Tensor("t", base.shape, EXPERTS[:2])
        fixed = found.coefficients(tensor, options)
        expected = fixed.base * base.astype(float)
        for factor, delta in zip(fixed.experts, deltas, strict=True):
            expected = expected + factor * delta
        got = merged(name, base, deltas, {}, weights(first, second), elements=elements)
        size = 1 + sum(abs(factor) for factor in fixed.experts)
        assert_allclose(got, expected, atol=1e-5 * size)
