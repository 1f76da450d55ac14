"""Merges a tensor that lies in memory, pass after pass, block after block.

It is how an operator is meant to be driven: the streaming executor does the same from files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from r2c_training.merge.operators.block import Array, Block, InputStatistics, Tensor
from r2c_training.merge.operators.operator import Operator, Reach, S
from r2c_training.merge.operators.options import M, Options, P


def cut(tensor: Tensor, reach: Reach, elements: int) -> Iterator[tuple[int, int]]:
    """Start and length of the blocks of a tensor.

    Args:
        tensor: The tensor.
        reach: How it may be cut.
        elements: Elements in a block, at most; more where a row or a tensor must stay whole.
    """
    size = max(1, elements)
    if reach is Reach.TENSOR:
        size = max(1, tensor.size)
    elif reach is Reach.ROWS:
        size = max(1, size // max(1, tensor.row)) * max(1, tensor.row)
    for start in range(0, tensor.size, size):
        yield start, min(size, tensor.size - start)


def merge_tensor(
    operator: Operator[M, P, S],
    tensor: Tensor,
    base: Array | None,
    deltas: Sequence[Array | None],
    options: Options[M, P],
    *,
    elements: int = 1 << 20,
    inputs: Sequence[InputStatistics | None] = (),
) -> Array:
    """The merged tensor, float32 in its shape.

    Args:
        operator: The way of merging.
        tensor: Name, shape and experts.
        base: The base's values in any shape, or None.
        deltas: What each expert adds to it, in any shape; None for nothing.
        options: What `operator.choose` gave for this tensor.
        elements: Elements in a block, where the operator leaves the choice.
        inputs: Statistics of supplied data, for operators that need them.
    """
    flat = [None if delta is None else _flat(delta) for delta in deltas]
    under = None if base is None else _flat(base)

    def blocks() -> Iterator[Block]:
        for start, length in cut(tensor, operator.reach_of(tensor, options), elements):
            span = slice(start, start + length)
            yield Block(
                tensor,
                start,
                length,
                None if under is None else under[span],
                tuple(None if delta is None else delta[span] for delta in flat),
                tuple(inputs),
            )

    found: S | None = None
    for _ in range(operator.passes(tensor, options)):
        gathered = operator.gather(tensor, options, found)
        for block in blocks():
            gathered.add(block)
        gathered.settle()
        found = gathered
    merged = np.empty(tensor.size, dtype=np.float32)
    for block in blocks():
        merged[block.start : block.end] = operator.merge(block, found, options)
    return merged.reshape(tensor.shape)


def _flat(values: Array) -> Array:
    return np.ascontiguousarray(values, dtype=np.float32).reshape(-1)
