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


def weighed(block: Block, options: Options[MO, MatrixModel]) -> list[Array]:
    """The weighted updates that are not zero, as matrices."""
    found = []
    for expert, model in enumerate(options.models):
        matrix = block.matrix(expert)
        if matrix is not None and model.weight != 0 and matrix.any():
            found.append(np.float32(model.weight) * matrix)
    return found
