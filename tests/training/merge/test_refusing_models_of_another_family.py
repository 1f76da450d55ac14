"""What headers and configurations show is told before any weight is read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from merge_family import ELEMENTS, Family
from safetensors.numpy import load_file, save_file

from r2c.errors import R2CError
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.checkpoint import open_checkpoint
from r2c_training.merge.checkpoint.header import read_header
from r2c_training.merge.plan.make_plan import make_plan
from r2c_training.merge.plan.request import MergeRequest, Rule

RULE = Rule("task_arithmetic", {}, [{"weight": 1.0}])


@pytest.fixture
def other(family: Family, tmp_path: Path) -> Path:
    """A copy of an expert that a test may spoil, in one file."""
    folder = tmp_path / "other"
    folder.mkdir()
    tensors: dict[str, np.ndarray] = {}
    for path in family.experts[0].glob("*.safetensors"):
        tensors |= load_file(path)
    save_file(tensors, folder / "model.safetensors")
    shutil.copy(family.experts[0] / "config.json", folder)
    return folder


def change_tensors(folder: Path, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors")


def change_config(folder: Path, **values: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def refused(family: Family, other: Path, store: Path) -> str:
    request = MergeRequest(family.base, (other,), lambda _: RULE)
    with Catalog(store) as catalog, pytest.raises(R2CError) as caught:
        make_plan(request, catalog, elements=ELEMENTS)
    assert caught.value.code == "R2C-T020"
    return str(caught.value)


def test_a_copy_in_other_shards_is_of_the_family(
    family: Family, other: Path, tmp_path: Path
) -> None:
    request = MergeRequest(family.base, (other,), lambda _: RULE)
    with Catalog(tmp_path / "store") as catalog:
        assert make_plan(request, catalog, elements=ELEMENTS).remarks == ()


def test_all_problems_are_told_at_once(family: Family, other: Path, tmp_path: Path) -> None:
    def spoil(tensors: dict[str, np.ndarray]) -> None:
        del tensors["model.norm.weight"]
        tensors["model.extra.weight"] = np.zeros(3, np.float32)
        name = "model.layers.0.mlp.up_proj.weight"
        tensors[name] = tensors[name][:-1].copy()
        tensors["lm_head.weight"] = tensors["lm_head.weight"].astype(np.int32)

    change_tensors(other, spoil)
    told = refused(family, other, tmp_path / "store")
    for part in ("lacks 'model.norm.weight'", "has 'model.extra.weight'", "(175, 64)", "I32"):
        assert part in told


def test_another_vocabulary_is_called_by_its_name(
    family: Family, other: Path, tmp_path: Path
) -> None:
    def grow(tensors: dict[str, np.ndarray]) -> None:
        for name in ("model.embed_tokens.weight", "lm_head.weight"):
            tensors[name] = np.concatenate([tensors[name], tensors[name][:8]])

    change_tensors(other, grow)
    assert "another vocabulary" in refused(family, other, tmp_path / "store")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"num_attention_heads": 8}, "num_attention_heads 8"),
        ({"model_type": "qwen2"}, "model_type 'qwen2'"),
        ({"tie_word_embeddings": True}, "ties its output to its embedding"),
    ],
)
def test_configurations_that_change_what_weights_mean_are_refused(
    family: Family, other: Path, tmp_path: Path, values: dict[str, object], told: str
) -> None:
    change_config(other, **values)
    assert told in refused(family, other, tmp_path / "store")


def test_another_rope_is_remarked(family: Family, other: Path, tmp_path: Path) -> None:
    change_config(other, rope_theta=1e6)
    request = MergeRequest(family.base, (other,), lambda _: RULE)
    with Catalog(tmp_path / "store") as catalog:
        plan = make_plan(request, catalog, elements=ELEMENTS)
    assert any("rope_theta" in remark for remark in plan.remarks)


def test_an_output_matrix_that_is_tied_is_left_out(
    family: Family, other: Path, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    shutil.copytree(other, base)
    change_config(base, tie_word_embeddings=True)
    change_config(other, tie_word_embeddings=True)
    change_tensors(base, lambda tensors: tensors.__delitem__("lm_head.weight"))
    request = MergeRequest(base, (other,), lambda _: RULE)
    with Catalog(tmp_path / "store") as catalog:
        plan = make_plan(request, catalog, elements=ELEMENTS)
    assert "lm_head.weight" not in {tensor.name for tensor in plan.tensors}


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff" * 8,
        (10**9).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (4).to_bytes(8, "little") + b"{{}}",
    ],
)
def test_a_file_that_is_no_safetensors_is_refused(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(head)
    with pytest.raises(R2CError, match="R2C-T001"):
        read_header(path)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
        {"dtype": "F31", "shape": [1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
        {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 4 << 40]},
        {"dtype": "F32", "shape": [1]},
        7,
    ],
)
def test_a_header_that_points_out_of_its_file_is_refused(tmp_path: Path, entry: object) -> None:
    text = json.dumps({"w": entry}).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(4))
    with pytest.raises(R2CError, match="R2C-T001"):
        read_header(path)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(R2CError, match="R2C-T003"):
        open_checkpoint(tmp_path)


def test_an_index_that_points_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    index = {"weight_map": {"w": "../secret.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(R2CError, match="R2C-T002"):
        open_checkpoint(tmp_path)


def test_experts_of_another_number_format_merge_all_the_same(
    family: Family, other: Path, tmp_path: Path
) -> None:
    def widen(tensors: dict[str, np.ndarray]) -> None:
        for name, value in tensors.items():
            assert value.dtype == ml_dtypes.bfloat16
            tensors[name] = value.astype(np.float32)

    change_tensors(other, widen)
    request = MergeRequest(family.base, (other,), lambda _: RULE)
    with Catalog(tmp_path / "store") as catalog:
        plan = make_plan(request, catalog, elements=ELEMENTS)
    assert {tensor.form for tensor in plan.tensors} == {"BF16"}
