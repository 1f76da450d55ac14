"""An adapter stands for the model that it makes, with and without a base in the recipe."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from merge_family import Family, weights
from test_merge_commands import invoke

from r2c.errors import R2CError
from r2c_training.merge.adapter import open_adapter
from r2c_training.merge.checkpoint.block_reader import BlockReader
from r2c_training.merge.checkpoint.number_format import Float32
from r2c_training.merge.low_rank import load_factors


def adapted(family: Family) -> dict[str, Float32]:
    """The weights of the base with its adapter."""
    found, adapter = weights(family.base), open_adapter(family.adapter)
    with BlockReader(adapter.file.path, "buffered") as reader:
        for name, update in adapter.updates.items():
            factors = load_factors(update, reader)
            found[name] = found[name] + factors.rows @ factors.columns
    return found


def recipe_of(folder: Path, method: str, *models: object, more: str = "") -> Path:
    path = folder / "recipe.yaml"
    entries = "".join(f"  - model: {model}\n    parameters: {{{more}}}\n" for model in models)
    path.write_text(f"merge_method: {method}\nmodels:\n{entries}dtype: float32\n")
    return path


@pytest.mark.parametrize("first", [True, False])
def test_a_mean_of_models_takes_an_adapter_for_the_model_that_it_makes(
    family: Family, tmp_path: Path, first: bool
) -> None:
    models = [f"{family.base}+{family.adapter}", str(family.experts[0])]
    path = recipe_of(tmp_path, "linear", *(models if first else models[::-1]), more="weight: 1")
    words = ("--store", tmp_path / "store")
    invoke("run", path, tmp_path / "out", *words)
    ours, theirs, merged = adapted(family), weights(family.experts[0]), weights(tmp_path / "out")
    for name, value in merged.items():
        assert np.allclose(value, (ours[name] + theirs[name]) / 2, rtol=0, atol=1e-6), name
    found = json.loads(invoke("verify", tmp_path / "out", "--all", "--json", *words))
    assert found["error"] == 0


def test_an_adapter_alone_is_written_as_the_model_that_it_makes(
    family: Family, tmp_path: Path
) -> None:
    path = recipe_of(tmp_path, "passthrough", f"{family.base}+{family.adapter}")
    invoke("run", path, tmp_path / "out", "--store", tmp_path / "store")
    wanted, merged = adapted(family), weights(tmp_path / "out")
    assert all(np.allclose(merged[name], wanted[name], rtol=0, atol=1e-6) for name in wanted)


def test_a_mean_on_the_sphere_takes_adapters(family: Family, tmp_path: Path) -> None:
    """Of two equal models it is that model."""
    path = recipe_of(tmp_path, "karcher", *[f"{family.base}+{family.adapter}"] * 2)
    invoke("run", path, tmp_path / "out", "--store", tmp_path / "store")
    wanted, merged = adapted(family), weights(tmp_path / "out")
    for name, value in merged.items():
        assert np.allclose(value, wanted[name], rtol=1e-4, atol=1e-5), name


def test_adapters_that_no_base_is_below_are_refused_with_their_line(
    family: Family, tmp_path: Path
) -> None:
    models = [f"{base}+{family.adapter}" for base in (family.base, family.experts[0])]
    for method in ("linear", "multislerp"):
        path = recipe_of(tmp_path, method, *models, more="weight: 1")
        with pytest.raises(R2CError, match=r"line 3: .*no one base model") as caught:
            invoke("plan", path, "--store", tmp_path / "store")
        assert caught.value.code == "R2C-T128"


def test_a_folder_with_a_model_and_an_adapter_is_refused_as_a_model(
    family: Family, tmp_path: Path
) -> None:
    both = Path(shutil.copytree(family.experts[0], tmp_path / "both"))
    shutil.copytree(family.adapter, both, dirs_exist_ok=True)
    for method, base, expert in (
        ("task_arithmetic", family.base, both),
        ("task_arithmetic", both, family.experts[0]),
        ("task_arithmetic", family.base, family.adapter),
    ):
        path = recipe_of(tmp_path, method, expert, more="weight: 1")
        path.write_text(path.read_text() + f"base_model: {base}\n")
        with pytest.raises(R2CError, match=r"line \d+: .*an adapter lies in that folder") as caught:
            invoke("plan", path, "--store", tmp_path / "store")
        assert caught.value.code == "R2C-T128"


def test_a_model_behind_the_plus_is_not_taken_for_an_adapter(
    family: Family, tmp_path: Path
) -> None:
    cut = Path(shutil.copytree(family.adapter, tmp_path / "cut"))
    (cut / "adapter_model.safetensors").unlink()
    for folder, code in (
        (family.experts[0], "R2C-T128"),
        (tmp_path / "nowhere", "R2C-T128"),
        (cut, "R2C-T001"),
    ):
        path = recipe_of(tmp_path, "linear", f"{family.base}+{folder}", more="weight: 1")
        with pytest.raises(R2CError, match="line 3: ") as caught:
            invoke("plan", path, "--store", tmp_path / "store")
        assert caught.value.code == code
