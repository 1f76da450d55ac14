from __future__ import annotations

import numpy as np
import plain_merges as plain
import pytest
from numpy.testing import assert_allclose
from samples import family, merged, weights

W = (0.2, 0.5, 0.4)
D = (0.3, 0.5, 0.7)


def wide(base, deltas):
    return base.astype(float), [delta.astype(float) for delta in deltas]


def thinned(*extra):
    return [{"weight": w, "density": d} | dict(extra) for w, d in zip(W, D, strict=True)]


def test_linear_is_the_weighted_mean_or_sum() -> None:
    base, deltas = family()
    b, d = wide(base, deltas)
    models = [b + each for each in d]
    values = [base + delta for delta in deltas]
    mean = sum(w * m for w, m in zip(W, models, strict=True)) / sum(W)
    assert_allclose(merged("linear", None, values, {}, weights(*W)), mean, atol=1e-6)
    total = sum(w * m for w, m in zip(W, models, strict=True))
    options = {"normalize": False}
    assert_allclose(merged("linear", None, values, options, weights(*W)), total, atol=1e-6)


@pytest.mark.parametrize("normalize", [False, True])
def test_task_arithmetic_adds_the_weighted_updates(normalize: bool) -> None:
    base, deltas = family()
    expected = plain.added(*wide(base, deltas), W, elect=False, normalize=normalize, scale=0.7)
    options = {"normalize": normalize, "lambda": 0.7}
    found = merged("task_arithmetic", base, deltas, options, weights(*W))
    assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("elements", [7, 1000])
@pytest.mark.parametrize("step", [None, 0.05])
def test_ties_trims_elects_and_averages(elements: int, step: float | None) -> None:
    base, deltas = family(step=step)
    b, d = wide(base, deltas)
    expected = plain.added(b, plain.trimmed(d, D), W, elect=True, normalize=True, scale=1.5)
    found = merged("ties", base, deltas, {"lambda": 1.5}, thinned(), elements=elements)
    assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("elements", [7, 1000])
@pytest.mark.parametrize("name", ["breadcrumbs", "breadcrumbs_ties"])
def test_breadcrumbs_leaves_out_both_ends(name: str, elements: int) -> None:
    base, deltas = family(step=0.02)
    b, d = wide(base, deltas)
    expected = plain.added(
        b, plain.crumbs(d, D, 0.1), W, elect=name.endswith("ties"), normalize=False
    )
    found = merged(name, base, deltas, {}, thinned(("gamma", 0.1)), elements=elements)
    assert_allclose(found, expected, atol=1e-6)


def test_ties_that_rescale_restore_the_sum_of_magnitudes() -> None:
    base, deltas = family()
    b, d = wide(base, deltas)
    cut = plain.trimmed(d, D)
    full = [c * np.abs(x).sum() / np.abs(c).sum() for c, x in zip(cut, d, strict=True)]
    expected = plain.added(b, full, W, elect=True, normalize=True)
    found = merged("ties", base, deltas, {"rescale": True}, thinned(), elements=13)
    assert_allclose(found, expected, atol=1e-6)


def test_slerp_follows_the_arc_between_the_models() -> None:
    base, deltas = family(count=1)
    b, (d,) = wide(base, [10 * deltas[0]])
    expected = plain.arc(0.3, b, b + d)
    found = merged("slerp", base, [10 * deltas[0]], {"t": 0.3}, elements=11)
    assert_allclose(found, expected, atol=2e-6)


def test_nuslerp_follows_the_arc_between_updates_or_models() -> None:
    base, deltas = family(count=2)
    b, d = wide(base, deltas)
    t = 0.5 / 0.7
    models = weights(0.2, 0.5)
    found = merged("nuslerp", base, deltas, {}, models, elements=11)
    assert_allclose(found, b + plain.arc(t, *d), atol=2e-6)
    assert_allclose(merged("nuslerp", None, deltas, {}, models), plain.arc(t, *d), atol=2e-6)
    rows = np.stack([plain.arc(t, *pair) for pair in zip(*d, strict=True)])
    options = {"nuslerp_flatten": False}
    found = merged("nuslerp", base, deltas, options, models, elements=11)
    assert_allclose(found, b + rows, atol=2e-6)
    columns = np.stack([plain.arc(t, *pair) for pair in zip(d[0].T, d[1].T, strict=True)]).T
    options = {"nuslerp_flatten": False, "nuslerp_row_wise": True}
    assert_allclose(merged("nuslerp", base, deltas, options, models), b + columns, atol=2e-6)


def test_multislerp_is_the_mean_direction_and_the_mean_length() -> None:
    base, deltas = family()
    b, d = wide(base, deltas)
    found = merged("multislerp", base, deltas, {}, weights(*W), elements=11)
    assert_allclose(found, b + plain.mean_direction(d, W), atol=1e-6)
    found = merged("multislerp", None, deltas, {}, weights(*W), elements=11)
    assert_allclose(found, plain.mean_direction(d, W), atol=1e-6)


def test_karcher_is_the_mean_that_explicit_steps_on_the_sphere_find() -> None:
    base, deltas = family()
    b, d = wide(base, [8 * delta for delta in deltas])
    models = [base + 8 * delta for delta in deltas]
    expected = plain.riemannian_mean([b + each for each in d])
    assert_allclose(merged("karcher", None, models, elements=11), expected, atol=1e-5)


def test_model_stock_goes_as_far_as_updates_agree() -> None:
    base, deltas = family()
    deltas = [deltas[0] + delta for delta in deltas]
    b, d = wide(base, deltas)
    found = merged("model_stock", base, deltas, elements=11)
    assert_allclose(found, plain.stock(b, d), atol=1e-6)
    rows = np.stack([plain.stock(b[at], [each[at] for each in d]) for at in range(len(b))])
    found = merged("model_stock", base, deltas, {"filter_wise": True}, elements=11)
    assert_allclose(found, rows, atol=1e-5)


def test_model_stock_takes_small_updates_for_unlike_as_mergekit_does_unless_told_otherwise() -> (
    None
):
    base, deltas = family()
    small = [np.float32(1e-5) * (deltas[0] + delta) for delta in deltas]
    b, d = wide(base, small)
    found = merged("model_stock", 0 * base, small, {"norm_floor": 0.0})
    assert_allclose(found, plain.stock(0 * b, d), rtol=1e-4, atol=1e-10)
    assert np.linalg.norm(merged("model_stock", 0 * base, small)) < 0.1 * np.linalg.norm(found)


@pytest.mark.parametrize("topk", [0.4, 1.0])
@pytest.mark.parametrize("step", [None, 0.05])
def test_sce_selects_weighs_and_erases(topk: float, step: float | None) -> None:
    base, deltas = family(step=step)
    expected = plain.sce(*wide(base, deltas), topk)
    found = merged("sce", base, deltas, {"select_topk": topk}, elements=11)
    assert_allclose(found, expected, atol=1e-6)


def test_sce_weighs_small_updates_alike_as_mergekit_does_unless_told_otherwise() -> None:
    base, deltas = family()
    deltas = [1e-3 * factor * delta for factor, delta in zip((1, 2, 3), deltas, strict=True)]
    deltas = [delta.astype(np.float32) for delta in deltas]
    b, d = wide(base, deltas)
    by_energy = merged("sce", base, deltas, {"energy_floor": 0.0}) - b
    assert_allclose(by_energy, plain.sce(0 * b, d, 1.0), atol=1e-6)
    alike = merged("sce", base, deltas) - b
    assert_allclose(alike, plain.added(0 * b, d, (1, 1, 1), elect=True, normalize=True), atol=1e-6)


def test_passthrough_copies_one_model_and_scales_it_if_asked() -> None:
    base, _ = family()
    assert (merged("passthrough", None, [base]) == base).all()
    assert_allclose(merged("passthrough", None, [base], {}, [{"scale": 0.5}]), 0.5 * base)
