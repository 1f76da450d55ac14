"""WUDI: the update that interferes least with each expert's own, without data."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.options import Options
from r2c_training.merge.spectral.family import (
    MatrixModel,
    MatrixOperator,
    MatrixOptions,
    treated,
    update_of,
)
from r2c_training.merge.spectral.least_squares import solve


class WudiOptions(MatrixOptions):
    """How the least interference is sought."""

    rest: Literal["mean", "sum", "base"] = Field(
        default="base",
        description="What of the updates is added to tensors that are not treated.",
    )
    solver: Literal["adam", "closed_form"] = Field(
        default="adam",
        description=(
            "`adam` takes the published number of small steps from the sum of updates, and so "
            "stays near it; `closed_form` goes to the minimum."
        ),
    )
    steps: int = Field(default=300, ge=0, description="Steps of Adam.")
    learning_rate: float = Field(default=1e-5, gt=0, description="Step size of Adam.")
    ridge: float = Field(
        default=1e-3,
        ge=0,
        description=(
            "Pull of the closed form to the sum of updates, relative to the mean eigenvalue; 0 "
            "keeps the sum only in directions that no update has."
        ),
    )


class WudiModel(MatrixModel):
    """How much an expert counts."""

    weight: float = Field(
        default=1.0,
        description=(
            "How much interference with this expert counts, beside the others; 0 leaves it out. "
            "Its update is not scaled, but in the rest."
        ),
    )


class Wudi(MatrixOperator[WudiOptions]):
    """The Y of least sum of w_k |(Y - X_k) X_k^T|^2 / |X_k|^2, X_k the updates.

    It is quadratic in Y, with the gradient 2 (Y G - H), G = sum of w_k X_k^T X_k / |X_k|^2 and
    H = sum of w_k X_k X_k^T X_k / |X_k|^2, so a step costs the same for any number of experts.
    """

    name = "wudi"
    paper = "Cheng et al., Whoever started the interference should end it, arXiv:2503.08099"
    summary = "The update of least interference in the span of each expert's own, without data."
    merge_options = WudiOptions
    model_options = WudiModel

    def combine(self, block: Block, options: Options[WudiOptions, MatrixModel]) -> Array | None:
        """The early-stopped or the exact minimum."""
        changed = treated(block, options)
        if not changed:
            return block.zeros()
        width = block.tensor.row
        gram = np.zeros((width, width))
        target, start = np.zeros(block.tensor.shape), np.zeros(block.tensor.shape)
        for expert in changed:
            update = update_of(block, expert).astype(np.float64)
            own = update.T @ update
            own *= options.models[expert].weight / np.square(update).sum()
            gram += own
            target += update @ own
            start += update
        del update, own
        if options.merge.solver == "closed_form":
            return _minimum(gram, target, start, options.merge.ridge)
        matrix, wanted, at = (each.astype(np.float32) for each in (gram, target, start))
        del gram, target, start
        return _adam(matrix, wanted, at, options.merge)

    def workspace(self, tensor: Tensor, options: Options[WudiOptions, MatrixModel]) -> int:
        """The sums and one update in float64; then of Adam ten matrices, of the minimum fewer."""
        size, square = tensor.size, tensor.row * tensor.row
        gathering = 8 * (5 * size + 2 * square)
        if options.merge.solver == "adam":
            return max(gathering, 4 * (10 * size + square))
        # Eigenvectors take more squares than the solution of equations; as measured.
        solving = 5 * size + 3 * square if options.merge.ridge > 0 else 4 * size + 5 * square
        return max(gathering, 8 * solving)


def _adam(matrix: Array, wanted: Array, at: Array, options: WudiOptions) -> Array:
    """Adam as Kingma and Ba give it, in float32, with the usual constants; `at` is the start."""
    mean, square = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, options.steps + 1):
        slope = np.float32(2) * (at @ matrix - wanted)
        mean += np.float32(0.1) * (slope - mean)
        square += np.float32(0.001) * (slope * slope - square)
        root = np.sqrt(square / np.float32(1 - 0.999**step)) + np.float32(1e-8)
        at -= np.float32(options.learning_rate / (1 - 0.9**step)) * mean / root
    return at


def _minimum(gram: Wide, target: Wide, start: Wide, ridge: float) -> Array:
    """The minimum of the sum plus `ridge` times the squared distance from the start."""
    left = target - start @ gram
    if ridge > 0:
        pull = ridge * float(np.trace(gram)) / len(gram)
        moved = np.linalg.solve(gram + pull * np.eye(len(gram)), left.T).T
    else:
        moved = solve(gram, left)
    return (start + moved).astype(np.float32)


OPERATORS = (Wudi(),)
