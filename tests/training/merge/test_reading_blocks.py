"""Blocks are read as they stand in a file, and a file that ends too soon is told."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from merge_family import Family
from safetensors.numpy import save_file

from r2c.errors import R2CError
from r2c_training.merge.checkpoint.block_reader import (
    Access,
    BlockReader,
    fetch,
    kernel_read_bytes,
)
from r2c_training.merge.checkpoint.header import header_bytes, read_header
from r2c_training.merge.source import open_source

ACCESSES: list[Access] = ["buffered", "direct"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("access", ACCESSES)
def test_a_file_that_was_cut_while_it_is_open_is_told(access: Access, tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(np.arange(5000, dtype=np.int32).tobytes())
    with BlockReader(path, access) as reader:
        assert fetch(reader, 9000, 9004).tobytes() == path.read_bytes()[9000:9004]
        with path.open("r+b") as file:
            file.truncate(10_100)
        with pytest.raises(R2CError, match="R2C-T005"):
            fetch(reader, 4, 20_000)


def test_reading_a_header_makes_the_kernel_fetch_no_weights(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    elements = 16 << 20
    start = header_bytes({"w": ("F32", (elements,), 4 * elements)}, "")
    with path.open("wb") as file:
        file.write(start + bytes(4 * elements))
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    before = kernel_read_bytes()
    assert read_header(path).tensors[0].elements == elements
    assert kernel_read_bytes() - before <= 2 * len(start)


@pytest.mark.parametrize("beginning", ["pissa", "pissa_niter_4", "olora", "loftq", "corda"])
def test_adapters_whose_beginning_changed_the_base_are_refused(
    beginning: str, family: Family, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.adapter, tmp_path / "adapter"))
    config = copy / "adapter_config.json"
    told = json.loads(config.read_text())
    config.write_text(json.dumps({**told, "init_lora_weights": beginning}))
    with pytest.raises(R2CError, match="R2C-T006"):
        open_source(copy)
    config.write_text(json.dumps({**told, "init_lora_weights": "gaussian"}))
    open_source(copy)


@pytest.mark.parametrize(
    "changes",
    [{"alora_invocation_tokens": [7, 9]}, {"layer_replication": [[0, 2], [1, 2]]}],
    ids=["behind certain tokens", "on repeated layers"],
)
def test_adapters_that_do_not_add_the_same_to_every_input_are_refused(
    changes: dict[str, object], family: Family, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.adapter, tmp_path / "adapter"))
    config = copy / "adapter_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | changes))
    with pytest.raises(R2CError, match="R2C-T006"):
        open_source(copy)


@pytest.mark.parametrize("alpha", [float("nan"), float("inf"), 1e300, True, "16"])
def test_adapters_whose_scale_is_no_number_are_refused(
    alpha: object, family: Family, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(family.adapter, tmp_path / "adapter"))
    config = copy / "adapter_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"lora_alpha": alpha}))
    with pytest.raises(R2CError, match=r"R2C-T006.*lora_alpha"):
        open_source(copy)


@pytest.mark.parametrize(
    ("names", "rank", "reason"),
    [
        (("base_model.model.q.lora_A.weight", "q.lora_A.weight"), 2, "one factor"),
        (("q.lora_A.weight",), 0, "rank 0"),
    ],
)
def test_adapters_without_one_rank_above_zero_a_module_are_refused(
    names: tuple[str, ...], rank: int, reason: str, tmp_path: Path
) -> None:
    factors = {name: np.zeros((rank, 4), np.float32) for name in names}
    factors["q.lora_B.weight"] = np.zeros((4, rank), np.float32)
    save_file(factors, tmp_path / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": rank, "lora_alpha": 4}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(R2CError, match=f"R2C-T006.*{reason}"):
        open_source(tmp_path)
