"""Two results of one recipe are compared by their weights, whatever files these lie in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from r2c_benchmarks.merging.apart import apart


def _write(folder: Path, *files: dict[str, list[float]]) -> Path:
    folder.mkdir()
    for number, file in enumerate(files):
        tensors = {name: np.array(values, np.float32) for name, values in file.items()}
        save_file(tensors, folder / f"{number}.safetensors")
    return folder


def test_the_difference_is_told_as_a_share_of_the_update(tmp_path: Path) -> None:
    base = _write(tmp_path / "base", {"a": [0, 0], "b": [1]})
    theirs = _write(tmp_path / "theirs", {"a": [3, 4]}, {"b": [1]})
    ours = _write(tmp_path / "ours", {"a": [3, 4], "b": [2]})
    assert apart(ours, theirs, base) == 0.2
    assert apart(theirs, theirs, base) == 0


def test_results_with_other_tensors_are_not_compared(tmp_path: Path) -> None:
    base = _write(tmp_path / "base", {"a": [0], "b": [1]})
    short = _write(tmp_path / "short", {"a": [3]})
    with pytest.raises(ValueError, match="have not the tensors"):
        apart(short, base, base)
