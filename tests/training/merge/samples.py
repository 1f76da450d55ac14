"""Small tensors and a short way to merge them."""

from __future__ import annotations

import numpy as np

from r2c_training.merge.operators import operator
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.whole import merge_tensor

EXPERTS = ("sha-of-one", "sha-of-two", "sha-of-three", "sha-of-four")


def family(count=3, shape=(6, 10), seed=0, step=None):
    """A base and experts' deltas in float32, rounded to `step` so that magnitudes coincide."""
    rng = np.random.default_rng(seed)
    base = rng.standard_normal(shape).astype(np.float32)
    deltas = rng.standard_normal((count, *shape)) * 0.1
    if step is not None:
        deltas = np.round(deltas / step) * step
    return base, list(deltas.astype(np.float32))


def merged(
    name, base, deltas, merge=None, models=None, *, elements=1 << 20, inputs=(), tensor=None
):
    """What an operator makes of a family."""
    found = operator(name)
    models = models or [{} for _ in deltas]
    shape = next(array for array in (base, *deltas) if array is not None).shape
    tensor = tensor or Tensor("model.layers.0.mlp.up_proj.weight", shape, EXPERTS[: len(deltas)])
    options = found.choose(merge or {}, models)
    return merge_tensor(found, tensor, base, deltas, options, elements=elements, inputs=inputs)


def weights(*values):
    return [{"weight": value} for value in values]
