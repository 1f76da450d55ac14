from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from samples import EXPERTS, family, merged, weights

from r2c.errors import InputError
from r2c_training.merge.operators.block import InputStatistics, Tensor

WORDS = Tensor("model.embed_tokens.weight", (6, 10), EXPERTS[:3])


def update(name, base, deltas, merge=None, **more):
    return merged(name, np.zeros_like(base), deltas, merge, **more).astype(float)


def test_iso_c_gives_all_directions_of_the_sum_one_strength() -> None:
    base, deltas = family()
    left, values, right = np.linalg.svd(np.sum(deltas, axis=0).astype(float), full_matrices=False)
    found = update("iso_c", base, deltas, {"lambda": 1.3})
    assert_allclose(np.linalg.svd(found)[1], np.full(6, 1.3 * values.mean()), rtol=1e-5)
    assert_allclose(found, 1.3 * values.mean() * left @ right, atol=1e-5)


def test_tsv_m_keeps_the_leading_strengths_of_each_expert() -> None:
    base, deltas = family()
    values = [np.linalg.svd(delta.astype(float))[1][:2] for delta in deltas]
    found = np.linalg.svd(update("tsv_m", base, deltas))[1]
    assert_allclose(np.sort(found), np.sort(np.concatenate(values)), rtol=1e-5)


def test_tsv_m_adds_experts_that_share_no_direction_as_they_are() -> None:
    base, _ = family(shape=(6, 6))
    deltas = []
    for at in range(3):
        delta = np.zeros((6, 6), dtype=np.float32)
        delta[2 * at : 2 * at + 2, 2 * at : 2 * at + 2] = [[3, 1], [0, 2]]
        deltas.append(delta)
    assert_allclose(update("tsv_m", base, deltas), np.sum(deltas, axis=0), atol=1e-5)


def inputs(seed=5, count=3, width=10, samples=200):
    rng = np.random.default_rng(seed)
    return [
        rng.standard_normal((samples, width)) * rng.uniform(0.2, 2, width) for _ in range(count)
    ]


def test_regmean_is_the_least_squares_fit_of_all_experts_outputs() -> None:
    base, deltas = family()
    data = inputs()
    stacked = np.concatenate(data)
    wanted = np.concatenate(
        [x @ (base + d).astype(float).T for x, d in zip(data, deltas, strict=True)]
    )
    expected = np.linalg.lstsq(stacked, wanted)[0].T
    statistics = [InputStatistics(x.T @ x / len(x)) for x in data]
    options = {"reduce_off_diagonal": 1.0}
    found = merged("regmean", base, deltas, options, inputs=statistics)
    assert_allclose(found, expected, atol=1e-5)
    # With the diagonal alone it is a mean weighted column by column.
    diagonals = np.stack([np.diag(each.gram) for each in statistics])
    expected = base + np.einsum("ki,koi->oi", diagonals / diagonals.sum(axis=0), np.stack(deltas))
    options = {"reduce_off_diagonal": 0.0}
    assert_allclose(
        merged("regmean", base, deltas, options, inputs=statistics), expected, atol=1e-5
    )


def test_regmean_averages_where_there_are_no_data_and_refuses_half_of_them() -> None:
    base, deltas = family()
    assert_allclose(merged("regmean", base, deltas), base + np.mean(deltas, axis=0), atol=1e-6)
    statistics = [InputStatistics(np.eye(10)), None, InputStatistics(np.eye(10))]
    with pytest.raises(InputError, match=r"R2C-T104(.|\n)*expert 2 has none"):
        merged("regmean", base, deltas, inputs=statistics)
    with pytest.raises(InputError, match="R2C-T104"):
        merged("regmean", base, deltas, inputs=[InputStatistics(np.eye(9))] * 3)


def interference(found, deltas, shares=(1, 1, 1)):
    """The objective of WUDI, as its paper writes it."""
    return sum(
        share * np.linalg.norm((found - delta) @ delta.T) ** 2 / np.linalg.norm(delta) ** 2
        for share, delta in zip(shares, deltas, strict=True)
    )


def slope(objective, at, step=1e-5):
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        moved = np.zeros_like(at)
        moved[index] = step
        found[index] = (objective(at + moved) - objective(at - moved)) / (2 * step)
    return found


def test_the_closed_form_of_wudi_is_stationary() -> None:
    base, deltas = family()
    wide = [delta.astype(float) for delta in deltas]
    shares = (1.0, 2.0, 0.5)
    models = weights(*shares)
    options = {"solver": "closed_form", "ridge": 0.0}
    found = update("wudi", base, deltas, options, models=models)
    start = np.sum(wide, axis=0)
    at_start = np.abs(slope(lambda y: interference(y, wide, shares), start)).max()
    assert np.abs(slope(lambda y: interference(y, wide, shares), found)).max() < 1e-5 * at_start

    gram = sum(
        share * each.T @ each / np.square(each).sum()
        for share, each in zip(shares, wide, strict=True)
    )
    pull = 0.2 * np.trace(gram) / len(gram)
    options = {"solver": "closed_form", "ridge": 0.2}
    found = update("wudi", base, deltas, options, models=models)

    def pulled(at):
        return interference(at, wide, shares) + pull * np.sum((at - start) ** 2)

    assert np.abs(slope(pulled, found)).max() < 1e-5 * at_start


def test_without_ridge_wudi_leaves_directions_that_no_update_has_as_they_are() -> None:
    base, _ = family(shape=(6, 10))
    rng = np.random.default_rng(1)
    low = [rng.standard_normal((6, 2)) @ rng.standard_normal((2, 10)) for _ in range(3)]
    deltas = [delta.astype(np.float32) for delta in low]
    found = update("wudi", base, deltas, {"solver": "closed_form", "ridge": 0.0})
    outside = np.linalg.svd(np.concatenate(deltas))[2][6:]
    assert np.abs(found @ outside.T).max() < 1e-5


def adam(deltas, steps, rate):
    """Adam on the objective, gradient by gradient, in float64."""
    at = np.sum(deltas, axis=0)
    mean, square = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, steps + 1):
        grad = sum(2 * (at - d) @ d.T @ d / np.linalg.norm(d) ** 2 for d in deltas)
        mean = 0.9 * mean + 0.1 * grad
        square = 0.999 * square + 0.001 * grad**2
        at = at - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return at


def test_wudi_by_adam_takes_the_published_steps() -> None:
    base, deltas = family()
    expected = adam([delta.astype(float) for delta in deltas], steps=40, rate=1e-3)
    found = update("wudi", base, deltas, {"steps": 40, "learning_rate": 1e-3})
    assert_allclose(found, expected, atol=2e-5)
    near = update("wudi", base, deltas)
    assert np.abs(near - np.sum(deltas, axis=0)).max() < 300 * 1e-5 * 1.01


@pytest.mark.parametrize("name", ["iso_c", "tsv_m", "regmean", "wudi"])
def test_what_is_no_matrix_follows_the_rule_for_the_rest(name: str) -> None:
    base, deltas = family()
    row, rows = base[0], [delta[0] for delta in deltas]
    sums = {"mean": np.mean(rows, axis=0), "sum": np.sum(rows, axis=0), "base": 0 * row}
    for rest, expected in sums.items():
        found = merged(name, row, rows, {"rest": rest}, elements=3)
        assert_allclose(found, row + expected, atol=1e-6)
    found = merged(name, base, deltas, {"rest": "mean"}, elements=7, tensor=WORDS)
    assert_allclose(found, base + np.mean(deltas, axis=0), atol=1e-6)


@pytest.mark.parametrize("name", ["iso_c", "tsv_m"])
def test_tables_of_tokens_are_treated_as_matrices_if_asked(name: str) -> None:
    base, deltas = family()
    found = merged(name, base, deltas, {"embeddings": True}, tensor=WORDS)
    assert_allclose(found, merged(name, base, deltas), atol=1e-6)
