from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from samples import EXPERTS, family, merged

from r2c_training.merge.operators.block import Block, Tensor
from r2c_training.merge.operators.della import Della
from r2c_training.merge.sparse.draws import chance, draws, stays, words

TENSOR = Tensor("t", (500,), EXPERTS[:2])


def drawn(start: int, end: int, expert: int = 0, seed: int = 1, tensor: Tensor = TENSOR):
    return draws(Block(tensor, start, end - start, None, (None, None)), expert, seed)


@given(st.lists(st.integers(1, 499), max_size=12))
def test_any_partition_draws_the_same_numbers(cuts) -> None:
    edges = [0, *sorted(set(cuts)), 500]
    parts = [drawn(*span) for span in pairwise(edges)]
    assert (np.concatenate(parts) == drawn(0, 500)).all()


@given(st.lists(st.integers(1, 499), max_size=12), st.floats(0, 1))
def test_any_partition_keeps_the_same_elements(cuts, probability) -> None:
    edges = [0, *sorted(set(cuts)), 500]

    def kept(start, end):
        return stays(Block(TENSOR, start, end - start, None, (None, None)), 1, 3, probability)

    assert (np.concatenate([kept(*span) for span in pairwise(edges)]) == kept(0, 500)).all()


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**60))
def test_the_numbers_are_those_of_numpys_philox(key, count) -> None:
    source = np.random.Philox(key=key, counter=count)
    halves = np.uint64(key % 2**64), np.uint64(key >> 64)
    assert (words(halves, 16 * count, 64, 16) == source.random_raw(16)).all()


@pytest.mark.parametrize("probability", [0.0, 2**-17, 1.5 * 2**-16, 1 / 3, 0.9, 1.0])
def test_as_many_elements_stay_as_the_probability_says(probability) -> None:
    size = 1 << 22
    tensor = Tensor("t", (size,), EXPERTS[:2])
    count = sum(
        int(stays(Block(tensor, start, 1 << 20, None, (None, None)), 0, 1, probability).sum())
        for start in range(0, size, 1 << 20)
    )
    spread = np.sqrt(size * probability * (1 - probability))
    assert abs(count - size * probability) <= 5 * spread


def test_seed_expert_and_tensor_each_change_the_numbers() -> None:
    other = Tensor("u", (500,), EXPERTS[:2])
    all_of_them = [
        drawn(0, 500), drawn(0, 500, seed=2), drawn(0, 500, expert=1), drawn(0, 500, tensor=other),
    ]  # fmt: skip
    for at, one in enumerate(all_of_them):
        for two in all_of_them[at + 1 :]:
            assert (one == two).mean() < 0.01


@given(st.floats(0, 1))
def test_as_many_draws_stay_below_a_chance_as_it_says(probability) -> None:
    size = 1 << 16
    tensor = Tensor("t", (size,), EXPERTS[:2])
    share = (drawn(0, size, tensor=tensor) < chance(probability)).mean()
    assert abs(share - probability) < 6 * np.sqrt(0.25 / size)


def thinned(name, merge, density, size=200_000, **model):
    _, deltas = family(count=1, shape=(size // 100, 100))
    base = np.zeros_like(deltas[0])
    models = [{"weight": 1.0, "density": density, **model}]
    return deltas[0], merged(name, base, deltas, merge, models)


@pytest.mark.parametrize("name", ["dare_linear", "dare_ties"])
def test_dare_by_density_divides_what_stays_by_it(name: str) -> None:
    delta, found = thinned(name, {"rescale_by": "density"}, 0.25)
    stays = found != 0
    assert_allclose(found[stays], delta[stays] / 0.25, rtol=1e-6)
    assert abs(stays.mean() - 0.25) < 0.005


@pytest.mark.parametrize("name", ["dare_linear", "dare_ties", "della", "della_linear"])
def test_rescaling_by_the_norm_restores_the_sum_of_magnitudes(name: str) -> None:
    delta, found = thinned(name, {}, 0.4)
    total = np.abs(delta).sum(dtype=float)
    assert_allclose(np.abs(found).sum(dtype=float), total, rtol=1e-5)
    plain, kept = thinned(name, {"rescale": False}, 0.4)
    assert (kept[kept != 0] == plain[kept != 0]).all()


def test_dare_keeps_the_update_in_the_mean_over_seeds() -> None:
    _, deltas = family(count=1, shape=(10, 10))
    base = np.zeros_like(deltas[0])
    models = [{"weight": 1.0, "density": 0.5}]
    options = {"rescale_by": "density"}
    runs = [
        merged("dare_linear", base, deltas, options | {"seed": seed}, models) for seed in range(400)
    ]
    # Each element is 0 or twice its value: its mean has a spread of |delta| / sqrt(runs).
    assert (np.abs(np.mean(runs, axis=0) - deltas[0]) < 5 * np.abs(deltas[0]) / 20).all()


def test_della_keeps_large_elements_of_a_row_more_often() -> None:
    delta, found = thinned("della_linear", {"rescale": False}, 0.5, epsilon=0.3)
    order = np.argsort(np.abs(delta), axis=1)
    stays = np.take_along_axis(found != 0, order, axis=1).mean(axis=0)
    expected = np.linspace(0.2, 0.8, 100)
    assert np.abs(stays - expected).max() < 6 * np.sqrt(0.25 / len(delta))


@given(
    st.tuples(st.integers(1, 4), st.integers(1, 40)).flatmap(
        lambda shape: arrays(
            np.float32, shape, elements=st.sampled_from([-2.0, -1.0, -0.0, 0, 1, 3])
        )
    ),
    st.integers(0, 2**20),
)
def test_della_keeps_what_is_drawn_below_the_chance_of_its_rank(delta, seed) -> None:
    width = delta.shape[1]
    chosen = Della()
    options = chosen.choose({"seed": seed}, [{"weight": 1.0, "density": 0.5, "epsilon": 0.2}])
    block = Block(Tensor("t", delta.shape, EXPERTS[:1]), 0, delta.size, None, (delta.reshape(-1),))
    ranks = np.argsort(np.argsort(np.abs(delta), axis=1, kind="stable"), axis=1, kind="stable")
    likely = (0.5 - 0.2) + ranks / max(1, width - 1) * (2 * 0.2)
    expected = draws(block, 0, seed) < np.ceil(likely * 2.0**32).reshape(-1)
    assert (chosen.mask(block, 0, options, None) == expected).all()


def test_probabilities_of_della_must_be_probabilities() -> None:
    with pytest.raises(Exception, match="R2C-T100"):
        thinned("della", {}, 0.9, epsilon=0.15)
