"""TSV-M: a share of each expert's singular vectors, made orthogonal to one another."""

from __future__ import annotations

import numpy as np

from r2c_training.merge.operators.block import Array, Block, Tensor
from r2c_training.merge.operators.options import Options
from r2c_training.merge.spectral.family import (
    MatrixModel,
    MatrixOperator,
    MatrixOptions,
    decomposition_bytes,
    treated,
    weighed,
)


class TsvM(MatrixOperator[MatrixOptions]):
    """U S V^T of the first r/K singular directions of each expert, U and V made orthogonal."""

    name = "tsv_m"
    paper = "Gargiulo et al., Task Singular Vectors, CVPR 2025, arXiv:2412.00081"
    summary = "The leading singular directions of each update, made orthogonal, added."
    merge_options = MatrixOptions
    model_options = MatrixModel

    def combine(self, block: Block, options: Options[MatrixOptions, MatrixModel]) -> Array | None:
        """One decomposition for each expert that changed the matrix, and one for each side."""
        changed = treated(block, options)
        if not changed:
            return block.zeros()
        share = max(1, min(block.tensor.shape) // len(changed))
        parts = []
        for expert in changed:
            left, values, right = np.linalg.svd(
                weighed(block, options, expert), full_matrices=False
            )
            # Copies, so that the directions that are left out need no memory.
            parts.append((left[:, :share].copy(), values[:share], right[:share].copy()))
        columns = _orthogonal(np.concatenate([part[0] for part in parts], axis=1))
        strengths = np.concatenate([part[1] for part in parts])
        rows = _orthogonal(np.concatenate([part[2] for part in parts]).T)
        made: Array = (columns * strengths) @ rows.T
        return made

    def workspace(self, tensor: Tensor, options: Options[MatrixOptions, MatrixModel]) -> int:
        """One update and its decomposition; beside it what is kept of all of them."""
        rows, columns = tensor.shape
        kept = 4 * (rows + columns) * min(rows, columns)
        return 4 * tensor.size + 2 * kept + decomposition_bytes(rows, columns)


def _orthogonal(columns: Array) -> Array:
    """The nearest matrix whose columns (or rows, if there are fewer) are orthonormal."""
    left, _, right = np.linalg.svd(columns, full_matrices=False)
    made: Array = left @ right
    return made


OPERATORS = (TsvM(),)
