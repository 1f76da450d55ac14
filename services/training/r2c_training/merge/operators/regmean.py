"""RegMean: the linear layer that gives, on each expert's inputs, nearest what the expert gives."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from r2c.errors import InputError, declare
from r2c_training.merge.operators.block import Array, Block, InputStatistics, Wide
from r2c_training.merge.operators.options import Options
from r2c_training.merge.spectral.family import MatrixModel, MatrixOperator, MatrixOptions
from r2c_training.merge.spectral.least_squares import solve

WRONG_INPUTS = declare(
    "R2C-T104",
    InputError,
    what="The data statistics for {tensor!r} do not fit: {problem}.",
    why="Each expert's inputs weigh its rows of the least-squares problem.",
    remedy="Gather them for every expert from the inputs of this layer, or for none.",
)


class RegMeanOptions(MatrixOptions):
    """How the Gram matrices are used."""

    reduce_off_diagonal: float = Field(
        default=0.95, ge=0, le=1, description="Factor of the Gram matrices off the diagonal."
    )


class RegMeanModel(MatrixModel):
    """How much an expert counts."""

    weight: float = Field(
        default=1.0, description="Factor of the expert's statistics; of its update in the rest."
    )


class RegMean(MatrixOperator[RegMeanOptions]):
    """The least-squares solution W = (sum of W_k C_k) (sum of C_k)^-1, C_k = E[x x^T].

    As the base drops out of both sides, the same holds for the updates alone.
    """

    name = "regmean"
    paper = "Jin et al., Dataless knowledge fusion, ICLR 2023, arXiv:2212.09849"
    summary = (
        "Least squares on the outputs of each linear layer. It needs statistics of data, which no "
        "command takes yet, and is refused (R2C-T027)."
    )
    needs_inputs: ClassVar = True
    merge_options = RegMeanOptions
    model_options = RegMeanModel

    def combine(self, block: Block, options: Options[RegMeanOptions, MatrixModel]) -> Array | None:
        """One decomposition of the summed Gram matrix; None where no statistics are given.

        Raises:
            InputError: R2C-T104 if some experts have none, or they have another width.
        """
        if not any(block.inputs):
            return None
        total: Wide = np.zeros((block.tensor.row, block.tensor.row))
        weighed: Wide = np.zeros(block.tensor.shape)
        for expert, model in enumerate(options.models):
            gram = model.weight * _reduced(_given(block, expert), options.merge.reduce_off_diagonal)
            total += gram
            delta = block.matrix(expert)
            if delta is not None:
                weighed += delta @ gram
        return solve(total, weighed).astype(np.float32)


def _given(block: Block, expert: int) -> InputStatistics:
    width = block.tensor.row
    found = block.inputs[expert] if expert < len(block.inputs) else None
    problem = None
    if found is None:
        problem = f"expert {expert + 1} has none"
    elif found.gram.shape != (width, width):
        problem = f"expert {expert + 1} has shape {found.gram.shape}, not {(width, width)}"
    if found is None or problem is not None:
        raise WRONG_INPUTS(tensor=block.tensor.name, problem=problem)
    return found


def _reduced(given: InputStatistics, factor: float) -> NDArray[np.float64]:
    gram = given.gram.astype(np.float64)
    return factor * gram + (1 - factor) * np.diag(np.diag(gram))


OPERATORS = (RegMean(),)
