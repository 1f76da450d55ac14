"""Blocks are read as they stand in a file, and a file that ends too soon is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from merge_family import Family

from r2c.errors import R2CError
from r2c_training.merge.checkpoint.block_reader import Access, BlockReader, fetch
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
