"""Deltas in four and eight bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from r2c_training.merge.packs.pack_file import PackWriter, split
from r2c_training.merge.packs.quantize import coarse_bytes, fine_bytes, pack, unpack

DELTAS = arrays(
    np.float32, st.integers(1, 700), elements=st.floats(-1e3, 1e3, width=32, allow_subnormal=True)
)


@given(DELTAS)
def test_the_errors_are_those_of_what_is_unpacked(delta: np.ndarray) -> None:
    packed = pack(delta)
    for fine, error in ((None, packed.error4), (packed.fine, packed.error8)):
        wrong = delta.astype(np.float64) - unpack(packed.coarse, fine, 0, delta.size)
        assert error == pytest.approx(float(np.linalg.norm(wrong)), rel=1e-6, abs=1e-18)


@given(DELTAS)
def test_eight_bits_are_within_a_hundredth_of_the_largest_number_of_a_group(
    delta: np.ndarray,
) -> None:
    packed = pack(delta)
    wrong = np.abs(delta - unpack(packed.coarse, packed.fine, 0, delta.size))
    largest = np.abs(delta).max()
    assert wrong.max() <= max(largest / 100, 1e-36)


@given(DELTAS, st.data())
def test_any_part_unpacks_as_in_the_whole(delta: np.ndarray, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, delta.size - 1))
    stop = data.draw(st.integers(start + 1, delta.size))
    packed = pack(delta)
    for fine in (None, packed.fine):
        whole = unpack(packed.coarse, fine, 0, delta.size)
        assert (unpack(packed.coarse, fine, start, stop) == whole[start:stop]).all()


def test_zero_stays_zero_at_both_levels() -> None:
    delta = np.zeros(300, np.float32)
    delta[::7] = 0.013
    packed = pack(delta)
    for fine in (None, packed.fine):
        assert (unpack(packed.coarse, fine, 0, 300)[delta == 0] == 0).all()


def test_four_bits_of_normal_deltas_keep_seven_eighths_and_eight_bits_ninety_nine_percent() -> None:
    delta = np.random.default_rng(3).standard_normal(1 << 16, np.float32) * np.float32(1e-3)
    packed = pack(delta)
    norm = float(np.linalg.norm(delta))
    assert packed.error4 < 0.125 * norm
    assert packed.error8 < 0.01 * norm
    assert coarse_bytes(delta.size) / (2 * delta.size) < 0.26
    assert (coarse_bytes(delta.size) + fine_bytes(delta.size)) / (2 * delta.size) < 0.51


def test_blocks_come_back_from_the_file_at_both_levels(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    deltas = [random.standard_normal(n, np.float32) for n in (1, 129, 200_000, 77)]
    with PackWriter(tmp_path / "pack") as writer:
        places = [writer.append(pack(delta), delta.size) for delta in deltas]
    data = np.fromfile(tmp_path / "pack", np.uint8)
    for delta, where in zip(deltas, places, strict=True):
        packed = pack(delta)
        coarse, none = split(data[where.at : where.at + where.coarse], where, delta.size)
        assert none is None
        assert (coarse == packed.coarse).all()
        coarse, fine = split(data[where.at : where.at + where.both], where, delta.size)
        assert fine is not None
        assert (coarse == packed.coarse).all()
        assert (fine == packed.fine).all()
    assert places[2].at % 4096 == 0
