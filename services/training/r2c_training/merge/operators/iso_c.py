"""Iso-C: give all directions of the summed update the same strength."""

from __future__ import annotations

import numpy as np

from r2c_training.merge.operators.block import Array, Block
from r2c_training.merge.operators.options import Options
from r2c_training.merge.spectral.family import MatrixModel, MatrixOperator, MatrixOptions, weighed


class IsoC(MatrixOperator[MatrixOptions]):
    """U V^T times the mean singular value of the summed update U S V^T."""

    name = "iso_c"
    paper = "Marczak et al., No task left behind, ICML 2025, arXiv:2502.04959"
    summary = "The summed update with all singular values at their mean."
    merge_options = MatrixOptions
    model_options = MatrixModel

    def combine(self, block: Block, options: Options[MatrixOptions, MatrixModel]) -> Array | None:
        """One singular value decomposition of the sum."""
        updates = weighed(block, options)
        if not updates:
            return block.zeros()
        left, values, right = np.linalg.svd(np.sum(updates, axis=0), full_matrices=False)
        mean = np.float32(values.mean(dtype=np.float64))
        made: Array = mean * (left @ right)
        return made


OPERATORS = (IsoC(),)
