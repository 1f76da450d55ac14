"""Weights to float32 and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from r2c_training.merge.checkpoint.number_format import Format, decode, encode

FLOATS = arrays(np.uint32, st.integers(0, 300)).map(lambda bits: bits.view(np.float32))
HALVES = arrays(np.uint16, st.integers(0, 300))


@given(HALVES, st.sampled_from(["BF16", "F16"]))
def test_what_two_bytes_hold_survives_a_round_trip(bits: np.ndarray, form: Format) -> None:
    raw = bits.view(np.uint8)
    back = encode(decode(raw, form), form).view(np.uint16)
    numbers = ~np.isnan(decode(raw, form))
    assert (back == bits)[numbers].all()
    assert np.isnan(decode(back.view(np.uint8), form))[~numbers].all()


@given(FLOATS)
def test_float32_survives_bit_by_bit(numbers: np.ndarray) -> None:
    raw = encode(numbers, "F32")
    assert (decode(raw, "F32").view(np.uint32) == numbers.view(np.uint32)).all()


@given(arrays(np.float32, st.integers(0, 300), elements=st.floats(-(2.0**100), 2.0**100, width=32)))
def test_bfloat16_is_rounded_to_nearest_and_ties_to_even(numbers: np.ndarray) -> None:
    got = decode(encode(numbers, "BF16"), "BF16")
    bits = numbers.view(np.uint32).astype(np.uint64)
    wanted = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16).astype(np.uint32).view(np.float32)
    assert (got == wanted).all()


@pytest.mark.parametrize("form", ["BF16", "F16", "F32"])
def test_values_can_be_decoded_into_memory_that_is_there(form: Format) -> None:
    numbers = np.array([1.5, -2.0, 0.25], np.float32)
    out = np.empty(3, np.float32)
    assert decode(encode(numbers, form), form, out) is out
    assert (out == numbers).all()
