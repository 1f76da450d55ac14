"""What an operator is given: a run of elements of one tensor, from the base and from each expert.

A tensor is flattened row by row and cut into blocks; which cuts are allowed is the operator's
`Reach`. Experts come as what they add to the base, in float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Wide = NDArray[np.float64]


@dataclass(frozen=True)
class Tensor:
    """A tensor of the merged model, and the experts that have it.

    Args:
        name: As in the checkpoint, `model.layers.3.mlp.up_proj.weight`.
        shape: Rows first; a linear layer is (outputs, inputs).
        experts: A stable identity of each expert (its content hash), in the order of the recipe.
            Random operators key their draws by it, so it must not depend on paths or positions.
            An expert without this tensor is left out, here and in blocks and options alike.
    """

    name: str
    shape: tuple[int, ...]
    experts: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of elements."""
        return prod(self.shape)

    @property
    def row(self) -> int:
        """Length of a row, the last axis; 1 for a scalar."""
        return self.shape[-1] if self.shape else 1


@dataclass(frozen=True)
class InputStatistics:
    """What calibration data told about the inputs x of a linear layer, for one expert.

    Args:
        gram: E[x x^T], float32 or float64 of shape (inputs, inputs).
        mean: E[x], of shape (inputs,); for operators that move biases.
        samples: Number of tokens that it was averaged over.
    """

    gram: NDArray[np.floating]
    mean: NDArray[np.floating] | None = None
    samples: int = 1


@dataclass(frozen=True)
class Block:
    """Elements `start .. start + length` of a flattened tensor.

    Args:
        tensor: The tensor.
        start: Index of the first element.
        length: Number of elements.
        base: Values of the base, float32 of that length. None if the recipe has no base; then the
            `deltas` are the models' own values. An operator that is `additive` may be given any
            model as base where the recipe has none: the result is the same.
        deltas: For each expert its values minus the base's, float32 of that length; None where it
            is exactly zero, or where the plan leaves it unread.
        inputs: For each expert the statistics of supplied data, whole, for operators that ask for
            them (`Operator.needs_inputs`); empty otherwise.
    """

    tensor: Tensor
    start: int
    length: int
    base: Array | None
    deltas: tuple[Array | None, ...]
    inputs: tuple[InputStatistics | None, ...] = ()

    @property
    def end(self) -> int:
        """Index after the last element."""
        return self.start + self.length

    @property
    def whole(self) -> bool:
        """Whether the block is the whole tensor."""
        return self.length == self.tensor.size

    def zeros(self) -> Array:
        """As many zeros as the block has elements."""
        return np.zeros(self.length, dtype=np.float32)

    def origin(self) -> Array:
        """A fresh copy of the base, zeros if there is none: what a merge adds to."""
        return self.zeros() if self.base is None else self.base.astype(np.float32, copy=True)

    def values(self, expert: int) -> Array:
        """The values of one expert: base plus delta. Not to be written to."""
        delta = self.deltas[expert]
        if delta is None:
            return self.zeros() if self.base is None else self.base
        return delta if self.base is None else self.base + delta

    def matrix(self, expert: int) -> Array | None:
        """The delta of one expert in the shape of its tensor; the block must be whole."""
        delta = self.deltas[expert]
        return None if delta is None else delta.reshape(self.tensor.shape)
