from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import EXPERTS

from r2c_training.merge.operators.block import Block, Tensor
from r2c_training.merge.operators.operator import Reach
from r2c_training.merge.operators.whole import cut
from r2c_training.merge.sparse.cuts import Counts, Cut, Cuts

sizes = st.integers(1, 400)
magnitudes = st.sampled_from(["continuous", "few values", "one value", "bfloat16", "tiny steps"])


def numbers(kind: str, size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values: np.ndarray = rng.standard_normal(size)
    if kind == "few values":
        values = rng.integers(-3, 4, size) * 0.25
    if kind == "one value":
        values = np.where(rng.random(size) < 0.5, -0.1, 0.1)
    if kind == "bfloat16":
        values = values.astype(ml_dtypes.bfloat16).astype(np.float64)
    if kind == "tiny steps":
        # All share their upper sixteen bits, so that the lower ones decide.
        bits = np.uint32(0x3F800000) + rng.integers(0, 40, size).astype(np.uint32)
        values = bits.view(np.float32) * rng.choice([-1, 1], size)
    return values.astype(np.float32)


def first_by_sorting(values: np.ndarray, rank: int) -> np.ndarray:
    mask = np.zeros(values.size, bool)
    mask[np.argsort(-np.abs(values), kind="stable")[:rank]] = True
    return mask & (values != 0)


def first_by_counting(values, rank, elements, keys, threads=1):
    tensor = Tensor("t", values.shape, EXPERTS[:1])
    blocks = [
        Block(tensor, start, length, None, (values[start : start + length],))
        for start, length in cut(tensor, Reach.ELEMENT, elements)
    ]
    wanted = Cut(0, rank)

    def gathered(make):
        parts = [make() for _ in range(threads)]
        for at, block in enumerate(blocks):
            parts[at % threads].add(block)
        for part in reversed(parts[1:]):
            parts[0].absorb(part)
        parts[0].settle()
        return parts[0]

    counts = gathered(lambda: Counts(frozenset({0}))) if keys == "float32" else None
    cuts = gathered(lambda: Cuts(frozenset({wanted}), keys, counts))
    masks = []
    for block in reversed(blocks):
        mask = cuts.first(wanted, block)
        masks.append(np.ones(block.length, bool) if mask is None else mask)
    return np.concatenate(masks[::-1]) & (values != 0)


@settings(max_examples=300)
@given(
    magnitudes,
    sizes,
    st.integers(0, 2**32),
    st.floats(0, 1),
    st.integers(1, 130),
    st.integers(1, 3),
)
def test_float32_cuts_are_those_of_a_stable_sort(
    kind, size, seed, share, elements, threads
) -> None:
    values = numbers(kind, size, seed)
    rank = int(share * size)
    found = first_by_counting(values, rank, elements, "float32", threads)
    assert (found == first_by_sorting(values, rank)).all()


@settings(max_examples=300)
@given(
    magnitudes,
    sizes,
    st.integers(0, 2**32),
    st.floats(0, 1),
    st.integers(1, 130),
    st.integers(1, 3),
)
def test_bfloat16_cuts_are_those_of_a_stable_sort_of_rounded_values(
    kind, size, seed, share, elements, threads
) -> None:
    values = numbers(kind, size, seed)
    rank = int(share * size)
    rounded = values.astype(ml_dtypes.bfloat16).astype(np.float32)
    found = first_by_counting(values, rank, elements, "bfloat16", threads)
    assert (found == first_by_sorting(rounded, rank)).all()


@pytest.mark.parametrize("keys", ["float32", "bfloat16"])
def test_a_rank_beyond_all_that_is_not_zero_takes_all_of_it(keys: str) -> None:
    values = np.zeros(50, dtype=np.float32)
    values[[3, 40]] = 1e-3
    assert first_by_counting(values, 30, 7, keys).sum() == 2
