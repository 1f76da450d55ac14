"""Merges of ours on tensors in memory, in blocks, before any rounding."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c_benchmarks.merging.checkpoints import Array, Weights
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.whole import merge_tensor
from r2c_training.merge.recipe.outputs import OutputTensor, outputs
from r2c_training.merge.recipe.read import parse_recipe
from r2c_training.merge.recipe.records import ModelName

BLOCK = 1000
"""Elements in a block: no divisor of any tensor, so that every operator is cut up."""


@dataclass(frozen=True)
class Prepared:
    """A tensor of a merge.

    Args:
        output: What is to be made, and how.
        tensor: Its name and shape.
        base: The base's, if there is one.
        deltas: What is merged, which is an expert's update if there is a base.
    """

    output: OutputTensor
    tensor: Tensor
    base: Array | None
    deltas: list[Array]


def prepare(recipe: dict[str, JsonValue], inputs: dict[ModelName, Weights]) -> Iterator[Prepared]:
    """The tensors of a merge of these models."""
    read = parse_recipe(json.dumps(recipe))
    for each in outputs(read, {model: weights.keys() for model, weights in inputs.items()}):
        values = [inputs[source.model][source.tensor] for source in each.experts]
        base = None if each.base is None else inputs[each.base.model][each.base.tensor]
        experts = tuple(Path(source.model.model.path).name for source in each.experts)
        tensor = Tensor(each.name, values[0].shape, experts)
        deltas = values if base is None else [value - base for value in values]
        yield Prepared(each, tensor, base, deltas)


def merged(prepared: Prepared, deltas: Sequence[Array]) -> Array:
    """The tensor of these updates."""
    output = prepared.output
    return merge_tensor(
        output.operator, prepared.tensor, prepared.base, list(deltas), output.options,
        elements=BLOCK,
    )  # fmt: skip
