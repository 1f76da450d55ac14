"""TSV-M: a share of each expert's singular vectors, made orthogonal to one another."""

from __future__ import annotations

import numpy as np

from r2c_training.merge.operators.block import Array, Block
from r2c_training.merge.operators.options import Options
from r2c_training.merge.spectral.family import MatrixModel, MatrixOperator, MatrixOptions, weighed


class TsvM(MatrixOperator[MatrixOptions]):
    """U S V^T of the first r/K singular directions of each expert, U and V made orthogonal."""

    name = "tsv_m"
    paper = "Gargiulo et al., Task Singular Vectors, CVPR 2025, arXiv:2412.00081"
    summary = "The leading singular directions of each update, made orthogonal, added."
    merge_options = MatrixOptions
    model_options = MatrixModel

    def combine(self, block: Block, options: Options[MatrixOptions, MatrixModel]) -> Array | None:
        """One decomposition for each expert that changed the matrix, and one for each side."""
        updates = weighed(block, options)
        if not updates:
            return block.zeros()
        share = max(1, min(block.tensor.shape) // len(updates))
        parts = [np.linalg.svd(update, full_matrices=False) for update in updates]
        left = _orthogonal(np.concatenate([part[0][:, :share] for part in parts], axis=1))
        values = np.concatenate([part[1][:share] for part in parts])
        right = _orthogonal(np.concatenate([part[2][:share] for part in parts]).T)
        made: Array = (left * values) @ right.T
        return made


def _orthogonal(columns: Array) -> Array:
    """The nearest matrix whose columns (or rows, if there are fewer) are orthonormal."""
    left, _, right = np.linalg.svd(columns, full_matrices=False)
    made: Array = left @ right
    return made


OPERATORS = (TsvM(),)
