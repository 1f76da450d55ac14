"""A merge that is not finite is refused with the tensor and the input, and never published."""

from __future__ import annotations

import shutil
from pathlib import Path

import ml_dtypes  # noqa: F401 - gives NumPy bfloat16
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from merge_family import Family
from safetensors.numpy import load_file, save_file
from samples import merged
from test_merge_commands import invoke, write_recipe

from r2c.errors import R2CError
from r2c_training.merge.checkpoint.number_format import Format, all_finite, decode, encode
from r2c_training.merge.operators import operator

SPOILT = "model.layers.0.self_attn.q_proj.weight"


@pytest.fixture
def spoilt(family: Family, tmp_path: Path) -> Family:
    """The family with one NaN in its second expert."""
    copy = Path(shutil.copytree(family.experts[1], tmp_path / "diverged"))
    for path in copy.glob("*.safetensors"):
        tensors = load_file(path)
        if SPOILT in tensors:
            tensors[SPOILT] = tensors[SPOILT].copy()
            tensors[SPOILT][3, 5] = np.nan
            save_file(tensors, path)
    return Family(family.base, (family.experts[0], copy, *family.experts[2:]), family.adapter)


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("task_arithmetic", "weight: 0.4"),
        ("ties", "weight: 0.5, density: 0.4"),
        ("multislerp", "weight: 1"),
        ("model_stock", ""),
        ("tsv_m", ""),
    ],
)
def test_an_expert_that_holds_no_numbers_is_named_and_nothing_is_published(
    spoilt: Family, tmp_path: Path, method: str, options: str
) -> None:
    recipe = write_recipe(spoilt, tmp_path, method, options)
    with pytest.raises(R2CError, match="expert1 'diverged'") as caught:
        invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "store")
    assert caught.value.code == "R2C-T123"
    assert SPOILT in str(caught.value)
    assert not (tmp_path / "out").exists()
    # Nothing is left that would refuse the recipe when it is mended.
    assert not list(tmp_path.glob(".*"))


def test_what_the_format_of_the_output_cannot_hold_is_refused(
    family: Family, tmp_path: Path
) -> None:
    recipe = write_recipe(family, tmp_path, "task_arithmetic", "weight: 1.0e+9")
    recipe.write_text(recipe.read_text() + "dtype: float16\n")
    with pytest.raises(R2CError, match=r"no input does.*float16") as caught:
        invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "store")
    assert caught.value.code == "R2C-T123"


@pytest.mark.parametrize("method", ["linear", "multislerp"])
def test_weights_without_a_sum_are_refused_where_they_are_divided_by_it(method: str) -> None:
    with pytest.raises(R2CError, match="R2C-T124"):
        operator(method).choose({}, [{"weight": 1.0}, {"weight": -1.0}])
    switch = {"linear": "normalize", "multislerp": "normalize_weights"}[method]
    operator(method).choose({switch: False}, [{"weight": 1.0}, {"weight": -1.0}])


@pytest.mark.parametrize("form", ["BF16", "F16", "F32"])
@pytest.mark.parametrize("value", [np.nan, -np.nan, np.inf, -np.inf])
def test_one_value_that_is_not_finite_is_seen_in_every_format(form: Format, value: float) -> None:
    values = np.array([0, -0.0, 1e-8, 3e38 if form != "F16" else 6e4, -1], np.float32)
    assert all_finite(encode(values, form), form)
    values[2] = value
    assert not all_finite(encode(values, form), form)


@pytest.mark.parametrize("form", ["BF16", "F16", "F32"])
@given(raw=arrays(np.uint8, st.integers(0, 80).map(lambda count: 4 * count)))
def test_any_bytes_are_finite_if_all_their_values_are(form: Format, raw: np.ndarray) -> None:
    assert all_finite(raw, form) == np.isfinite(decode(raw, form)).all()


def test_a_model_with_an_infinity_that_counts_for_nothing_spoils_no_merge() -> None:
    spoilt = np.array([1, np.inf], np.float32)
    found = merged("slerp", np.ones(2, np.float32), [spoilt - 1], {"t": 0.0})
    assert (found == 1).all()


def test_a_check_of_a_merge_counts_what_is_no_number(
    spoilt: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that another version has published."""
    monkeypatch.setattr("r2c_training.merge.execute.run.all_finite", lambda *_: True)
    recipe = write_recipe(spoilt, tmp_path, "task_arithmetic", "weight: 0.4")
    invoke("run", recipe, tmp_path / "out", "--store", tmp_path / "store")
    told = invoke("verify", tmp_path / "out", "--all", "--store", tmp_path / "store")
    assert "1 values are infinite in it or no numbers" in told
