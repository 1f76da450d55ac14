"""How far two results of one recipe are apart: whether both sides have done the same work."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import ml_dtypes  # noqa: F401 - makes bfloat16 a dtype of NumPy
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file


def apart(one: Path, other: Path, base: Path) -> float:
    """The norm of the difference of two checkpoints over that of the second one's update.

    Raises:
        ValueError: the checkpoints have other tensors than the base.
    """
    left, right, under = _tensors(one), _tensors(other), _tensors(base)
    if not left.keys() == right.keys() == under.keys():
        raise ValueError(f"{one} and {other} have not the tensors of {base}")
    off = moved = 0.0
    for name, value in under.items():
        theirs = right[name].astype(np.float32)
        off += float(np.square(left[name].astype(np.float32) - theirs, dtype=float).sum())
        moved += float(np.square(theirs - value.astype(np.float32), dtype=float).sum())
    return round(sqrt(off / moved), 6)


def _tensors(folder: Path) -> dict[str, NDArray[np.generic]]:
    return {
        name: value
        for path in sorted(folder.glob("*.safetensors"))
        for name, value in load_file(path).items()
    }
