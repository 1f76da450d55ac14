"""Compiled loops: kept where they may be kept, and right where they may not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from r2c_training.merge.element_sums import (
    largest_size,
    sum_of_kept_sizes,
    sum_of_products,
    sum_of_sizes,
    sum_of_squares,
)
from r2c_training.merge.sphere.gram import inner_products
from r2c_training.merge.weighted_sum import weighted_sum

NUMBERS = arrays(np.float32, st.integers(0, 300), elements=st.floats(-(2.0**20), 2.0**20, width=32))

DECODE = """
import numpy as np
from r2c_training.merge.checkpoint.number_format import decode
print(decode(np.array([0x80, 0x3F], np.uint8), "BF16")[0])
"""


@given(NUMBERS)
def test_sums_are_those_of_numpy(values: np.ndarray) -> None:
    wide = values.astype(np.float64)
    mask = values > 0
    assert sum_of_squares(values) == pytest.approx((wide**2).sum(), rel=1e-12)
    assert sum_of_sizes(values) == pytest.approx(np.abs(wide).sum(), rel=1e-12)
    assert sum_of_kept_sizes(values, mask) == pytest.approx(wide[mask].sum(), rel=1e-12)
    assert largest_size(values) == np.abs(values).max(initial=0)
    turned = wide[::-1]
    scale = np.abs(wide * turned).sum()
    product = sum_of_products(values, values[::-1].copy())
    assert product == pytest.approx((wide * turned).sum(), rel=1e-12, abs=1e-12 * scale)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_shows_in_the_sum(number: float) -> None:
    values = np.ones(100, np.float32)
    values[67] = number
    assert not np.isfinite(sum_of_squares(values))
    assert not np.isfinite(sum_of_products(values, np.ones(100, np.float32)))
    assert not np.isfinite(sum_of_products(np.ones(100, np.float32), values))


@given(st.lists(st.one_of(st.none(), arrays(np.float32, 70, elements=st.floats(-9, 9, width=32)))))
def test_inner_products_are_those_of_numpy(vectors: list[np.ndarray | None]) -> None:
    wide = [np.zeros(70) if vector is None else vector.astype(np.float64) for vector in vectors]
    expected = np.array([[one @ other for other in wide] for one in wide])
    np.testing.assert_allclose(
        inner_products(vectors), expected.reshape(2 * (len(wide),)), atol=1e-9
    )


def test_a_sum_of_zeros_has_no_sign_whatever_begins_it() -> None:
    zeros = np.array([-0.0], np.float32)
    for vectors in ([zeros], [None, zeros], [zeros, zeros], [None]):
        assert not np.signbit(weighted_sum(vectors, [1.0] * len(vectors), 1))
    assert not np.signbit(weighted_sum([np.ones(1, np.float32)], [0.0], 1))


def test_code_is_kept_in_the_folder_that_is_named(tmp_path: Path) -> None:
    told = decoded({"NUMBA_CACHE_DIR": str(tmp_path)})
    assert told == "1.0"
    assert list(tmp_path.rglob("*.nbi"))


def test_without_a_folder_that_can_be_written_code_is_made_anew() -> None:
    told = decoded({"NUMBA_CACHE_DIR": "", "NUMBA_CACHE_LOCATOR_CLASSES": "ZipCacheLocator"})
    assert told == "1.0"


def decoded(settings: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DECODE],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings},
    )
    return done.stdout.strip()
