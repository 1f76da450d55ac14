"""Iso-C: give all directions of the summed update the same strength."""

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


class IsoC(MatrixOperator[MatrixOptions]):
    """U V^T times the mean singular value of the summed update U S V^T."""

    name = "iso_c"
    paper = "Marczak et al., No task left behind, ICML 2025, arXiv:2502.04959"
    summary = "The summed update with all singular values at their mean."
    merge_options = MatrixOptions
    model_options = MatrixModel

    def combine(self, block: Block, options: Options[MatrixOptions, MatrixModel]) -> Array | None:
        """One singular value decomposition of the sum."""
        changed = treated(block, options)
        if not changed:
            return block.zeros()
        total = weighed(block, options, changed[0])
        for expert in changed[1:]:
            total += weighed(block, options, expert)
        left, values, right = np.linalg.svd(total, full_matrices=False)
        mean = np.float32(values.mean(dtype=np.float64))
        made: Array = mean * (left @ right)
        return made

    def workspace(self, tensor: Tensor, options: Options[MatrixOptions, MatrixModel]) -> int:
        """The sum and its decomposition, or one term beside the sum."""
        return 4 * tensor.size + decomposition_bytes(*tensor.shape)


OPERATORS = (IsoC(),)
