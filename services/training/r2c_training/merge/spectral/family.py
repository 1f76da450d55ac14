"""What operators on matrices share: which tensors they treat, and a rule for the rest."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Generic, Literal, TypeVar

import numpy as np
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach, Statistics
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.sparse.consensus import Update, weighted_sum

_VOCABULARY = ("embed", "lm_head", "wte", "wpe")
"""Parts of the names of tables that have a row for each token or position."""


class MatrixOptions(MergeOptions):
    """Which tensors are treated, and how far to go."""

    scale: float = Field(default=1.0, alias="lambda", description="Factor of the merged update.")
    rest: Literal["mean", "sum", "base"] = Field(
        default="mean",
        description="What of the updates is added to tensors that are not treated.",
    )
    embeddings: bool = Field(default=False, description="Treat tables of tokens as matrices too.")


class MatrixModel(ModelOptions):
    """How much an expert counts."""

    weight: float = Field(default=1.0, description="Factor of the expert's update.")


MO = TypeVar("MO", bound=MatrixOptions)


class MatrixOperator(Operator[MO, MatrixModel, Statistics], Generic[MO]):
    """base + lambda * what `combine` makes of the updates, for weights of linear layers."""

    reach: ClassVar = Reach.MATRIX
    base: ClassVar = BaseUse.REQUIRED

    def treats(self, tensor: Tensor, options: Options[MO, MatrixModel]) -> bool:
        """Matrices, without tables of tokens unless asked for."""
        if len(tensor.shape) != 2 or 0 in tensor.shape:
            return False
        return options.merge.embeddings or not any(part in tensor.name for part in _VOCABULARY)

    @abstractmethod
    def combine(self, block: Block, options: Options[MO, MatrixModel]) -> Array | None:
        """The merged update of a whole matrix; None if what it needs is not there."""

    def merge(
        self, block: Block, statistics: Statistics | None, options: Options[MO, MatrixModel]
    ) -> Array:
        """The matrix, or the rule for the rest."""
        update = None
        if self.treats(block.tensor, options):
            update = self.combine(block, options)
        if update is None:
            update = self._of_the_rest(block, options)
        merged = np.float32(options.merge.scale) * update.reshape(-1).astype(np.float32)
        return merged if block.base is None else merged + block.base

    def _of_the_rest(self, block: Block, options: Options[MO, MatrixModel]) -> Array:
        if options.merge.rest == "base":
            return block.zeros()
        weights = [model.weight for model in options.models]
        mean = options.merge.rest == "mean"
        updates = [None if delta is None else Update(delta) for delta in block.deltas]
        return weighted_sum(updates, weights, block.length, normalize=mean)


def treated(block: Block, options: Options[MO, MatrixModel]) -> list[int]:
    """The experts whose updates count: neither weighted with zero nor zero themselves."""
    found = []
    for expert, model in enumerate(options.models):
        matrix = block.matrix(expert)
        if matrix is not None and model.weight != 0 and matrix.any():
            found.append(expert)
    return found


def update_of(block: Block, expert: int) -> Array:
    """The update of one of the `treated`. Not to be written to."""
    matrix = block.matrix(expert)
    if matrix is None:
        raise ValueError(f"expert {expert + 1} has no update of {block.tensor.name!r}")
    return matrix


def weighed(block: Block, options: Options[MO, MatrixModel], expert: int) -> Array:
    """The weighted update of one of the `treated`, a fresh matrix."""
    return np.float32(options.models[expert].weight) * update_of(block, expert)


def decomposition_bytes(rows: int, columns: int) -> int:
    """What NumPy's singular value decomposition needs beside a float32 matrix, its result too.

    It works in float64: on a copy of the matrix, on both sides in order of columns and in order of
    rows, and on some squares of the shorter side for LAPACK's `gesdd`. Then it rounds the sides.
    """
    short = min(rows, columns)
    sides = (rows + columns) * short
    return 8 * (rows * columns + 2 * sides + 5 * short * short) + 4 * sides
