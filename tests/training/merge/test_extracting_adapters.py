from __future__ import annotations

import json

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from safetensors.numpy import load_file, save_file

from r2c.errors import InputError
from r2c_training.merge.extract.factors import factorize
from r2c_training.merge.extract.lora import extract_lora

QUERY, UP = "model.layers.0.self_attn.q_proj", "model.layers.0.mlp.up_proj"


@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(1, 8), st.integers(1, 9))
def test_the_product_is_the_best_of_its_rank_and_says_what_it_misses(seed, rows, columns, rank):
    matrix = np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)
    found = factorize(matrix, rank)
    values = np.linalg.svd(matrix.astype(float))[1]
    off = np.linalg.norm(matrix - found.up @ found.down)
    assert_allclose(off, np.sqrt(np.square(values[rank:]).sum()), atol=1e-5)
    assert_allclose(found.error, off / np.linalg.norm(matrix), atol=1e-5)


def test_energy_stops_at_the_first_rank_that_holds_enough() -> None:
    matrix = np.diag([4.0, 2.0, 1.0, 0.5]).astype(np.float32)
    held = np.cumsum([16, 4, 1, 0.25]) / 21.25
    for rank, share in enumerate(held, start=1):
        assert factorize(matrix, 4, share - 1e-3).rank == rank
    assert factorize(matrix, 2, 1.0).rank == 2
    assert factorize(np.zeros((3, 2), np.float32), 2).rank == 0


def checkpoints(folder, rank):
    rng = np.random.default_rng(0)
    shapes = {f"{QUERY}.weight": (12, 8), f"{UP}.weight": (20, 8), "model.norm.weight": (8,)}
    base = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}
    updates = {
        name: (rng.standard_normal((shape[0], rank)) @ rng.standard_normal((rank, shape[1])))
        for name, shape in shapes.items()
        if len(shape) == 2
    }
    tuned = {name: base[name] + updates.get(name, 0) for name in base}
    for name, weights in (("base", base), ("tuned", tuned)):
        (folder / name).mkdir()
        # Two shards, cut differently.
        keys = sorted(weights, reverse=name == "tuned")
        for at, some in enumerate((keys[:1], keys[1:])):
            part = {key: np.ascontiguousarray(weights[key], dtype=np.float32) for key in some}
            save_file(part, folder / name / f"model-{at}.safetensors")
    return base, tuned


def test_a_model_tuned_by_low_rank_comes_out_as_the_adapter_it_was(tmp_path) -> None:
    base, tuned = checkpoints(tmp_path, rank=2)
    out = tmp_path / "adapter"
    found = extract_lora(tmp_path / "base", tmp_path / "tuned", out, rank=4)
    assert found.ranks == {QUERY: 2, UP: 2}
    assert found.error < 1e-5
    config = json.loads((out / "adapter_config.json").read_text(encoding="utf-8"))
    assert (config["r"], config["lora_alpha"], config["rank_pattern"]) == (2, 2, {})
    weights = load_file(out / "adapter_model.safetensors")
    for module in (QUERY, UP):
        up = weights[f"base_model.model.{module}.lora_B.weight"]
        down = weights[f"base_model.model.{module}.lora_A.weight"]
        update = tuned[f"{module}.weight"] - base[f"{module}.weight"]
        assert np.linalg.norm(up @ down - update) < 1e-5 * np.linalg.norm(update)
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_an_adapter_may_be_read_by_whoever_may_read_new_files(tmp_path) -> None:
    checkpoints(tmp_path, rank=2)
    extract_lora(tmp_path / "base", tmp_path / "tuned", tmp_path / "adapter", rank=2)
    (tmp_path / "new").touch()
    modes = {path.stat().st_mode for path in (tmp_path / "adapter").iterdir()}
    assert modes == {(tmp_path / "new").stat().st_mode}


def test_checkpoints_in_bfloat16_are_read(tmp_path) -> None:
    for name, factor in (("base", 1), ("tuned", 2)):
        (tmp_path / name).mkdir()
        weights = {f"{UP}.weight": np.full((3, 4), factor, ml_dtypes.bfloat16)}
        save_file(weights, tmp_path / name / "model.safetensors")
    found = extract_lora(tmp_path / "base", tmp_path / "tuned", tmp_path / "a", rank=3)
    assert found.ranks == {UP: 1}


def test_what_an_adapter_cannot_hold_counts_in_its_error(tmp_path) -> None:
    checkpoints(tmp_path, rank=2)
    shard = next(
        path for path in (tmp_path / "tuned").iterdir() if "model.norm.weight" in load_file(path)
    )
    weights = load_file(shard)
    weights["model.norm.weight"] = weights["model.norm.weight"] + 3
    save_file(weights, shard)
    found = extract_lora(tmp_path / "base", tmp_path / "tuned", tmp_path / "a", rank=1)
    assert found.left_out == pytest.approx({"model.norm.weight": np.sqrt(8 * 9)})
    assert found.ranks == {QUERY: 1, UP: 1}
    assert found.error > max(found.errors.values()) / 2


def test_folders_that_do_not_fit_are_refused(tmp_path) -> None:
    checkpoints(tmp_path, rank=1)
    base, tuned = tmp_path / "base", tmp_path / "tuned"
    with pytest.raises(InputError, match="R2C-T122"):
        extract_lora(base, tuned, tmp_path / "tuned", rank=1)
    with pytest.raises(InputError, match="R2C-T120"):
        extract_lora(tmp_path / "none", tuned, tmp_path / "a", rank=1)
    save_file({"model.norm.weight": np.zeros(9, np.float32)}, tuned / "model-0.safetensors")
    save_file({"model.norm.weight": np.zeros(9, np.float32)}, tuned / "model-1.safetensors")
    with pytest.raises(InputError, match="R2C-T121"):
        extract_lora(base, tuned, tmp_path / "a", rank=1)
    (base / "model-0.safetensors").write_bytes(b"nothing")
    with pytest.raises(InputError, match="R2C-T120"):
        extract_lora(base, tuned, tmp_path / "a", rank=1)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("spoilt", ["base", "tuned"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_refused_with_its_tensor_and_model(
    tmp_path, spoilt: str, value: float
) -> None:
    for name in ("base", "tuned"):
        (tmp_path / name).mkdir()
        weights = np.ones((3, 4), np.float32)
        weights[1, 2] = value if name == spoilt else 2
        save_file({f"{UP}.weight": weights}, tmp_path / name / "model.safetensors")
    with pytest.raises(InputError, match=spoilt) as caught:
        extract_lora(tmp_path / "base", tmp_path / "tuned", tmp_path / "a", rank=2)
    assert caught.value.code == "R2C-T129"
    assert UP in str(caught.value)
    assert not (tmp_path / "a").exists()


def test_a_checkpoint_of_other_tensors_is_refused_and_single_ones_that_lack_are_told(
    tmp_path,
) -> None:
    ones, twos = np.ones((3, 4), np.float32), np.full((3, 4), 2, np.float32)
    kept = {
        "base": {f"{UP}.weight": ones, "lm_head.weight": ones},
        "tuned": {f"{UP}.weight": twos, "score.weight": ones},
        "other": {"encoder.weight": ones},
    }
    for name, weights in kept.items():
        (tmp_path / name).mkdir()
        save_file(weights, tmp_path / name / "model.safetensors")
    found = extract_lora(tmp_path / "base", tmp_path / "tuned", tmp_path / "a", rank=2)
    assert found.missing == {"score.weight": "base", "lm_head.weight": "tuned"}
    with pytest.raises(InputError, match="R2C-T130"):
        extract_lora(tmp_path / "base", tmp_path / "other", tmp_path / "b", rank=2)
    assert not (tmp_path / "b").exists()


def test_files_that_the_index_does_not_name_are_not_the_models(tmp_path) -> None:
    checkpoints(tmp_path, rank=1)
    tuned = tmp_path / "tuned"
    files = sorted(path.name for path in tuned.iterdir())
    index = {"weight_map": {key: name for name in files for key in load_file(tuned / name)}}
    (tuned / "model.safetensors.index.json").write_text(json.dumps(index))
    before = extract_lora(tmp_path / "base", tuned, tmp_path / "a", rank=1)
    left = {f"{QUERY}.weight": np.full((12, 8), 9, np.float32)}
    save_file(left, tuned / "optimizer.safetensors")
    assert extract_lora(tmp_path / "base", tuned, tmp_path / "b", rank=1) == before
    (tuned / files[0]).unlink()
    with pytest.raises(InputError, match="R2C-T002"):
        extract_lora(tmp_path / "base", tuned, tmp_path / "c", rank=1)
