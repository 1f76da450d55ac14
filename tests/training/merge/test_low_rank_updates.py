"""Rows of a low-rank update have the same bits however many of them are worked out at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from r2c_training.merge.low_rank import Factors


@given(
    rows=st.integers(1, 40),
    width=st.integers(1, 70),
    rank=st.integers(1, 20),
    cut=st.integers(0, 40),
    seed=st.integers(0, 99),
)
def test_parts_of_an_update_are_the_whole_to_the_bit(
    rows: int, width: int, rank: int, cut: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    left = random.standard_normal((rows, rank), np.float32)
    right = random.standard_normal((rank, width), np.float32)
    factors = Factors(left, right)
    whole, at = factors.delta(0, rows * width), min(cut, rows) * width
    parts = np.concatenate([factors.delta(0, at), factors.delta(at, rows * width)])
    assert parts.tobytes() == whole.tobytes()
    exact = (left.astype(float) @ right.astype(float)).reshape(-1)
    size = (np.abs(left).astype(float) @ np.abs(right).astype(float)).reshape(-1)
    assert (np.abs(whole - exact) <= 1e-6 * rank * size).all()
