"""Where every tensor of the merged model goes: shards as model hubs name them, headers first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from r2c_training.merge.checkpoint.header import header_bytes
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES
from r2c_training.merge.plan.plan import Plan, PlannedTensor

SHARD_BYTES = 5_000_000_000


@dataclass(frozen=True)
class OutputShard:
    """One file of the merged model: its header, and its size with it."""

    name: str
    header: bytes
    file_bytes: int


@dataclass(frozen=True)
class Layout:
    """All files with weights, and the place of each tensor: (shard, offset in bytes)."""

    shards: tuple[OutputShard, ...]
    places: Mapping[str, tuple[int, int]]

    @property
    def weight_map(self) -> dict[str, str]:
        """Tensor -> file, as the index has it."""
        return {name: self.shards[shard].name for name, (shard, _) in self.places.items()}


def lay_out(plan: Plan, shard_bytes: int = SHARD_BYTES) -> Layout:
    """The layout of a plan's result; a shard is full when the next tensor would not fit."""
    groups: list[list[PlannedTensor]] = [[]]
    filled = 0
    for tensor in plan.tensors:
        size = tensor_bytes(tensor)
        if groups[-1] and filled + size > shard_bytes:
            groups.append([])
            filled = 0
        groups[-1].append(tensor)
        filled += size
    shards, places = [], {}
    for number, group in enumerate(groups):
        sizes = {t.name: (str(t.form), t.shape, tensor_bytes(t)) for t in group}
        header = header_bytes(sizes, plan.hash)
        at = len(header)
        for tensor in group:
            places[tensor.name] = (number, at)
            at += tensor_bytes(tensor)
        shards.append(OutputShard(_name(number, len(groups)), header, at))
    return Layout(tuple(shards), places)


def tensor_bytes(tensor: PlannedTensor) -> int:
    """Bytes of a merged tensor."""
    return prod(tensor.shape) * ITEM_BYTES[tensor.form]


def _name(number: int, count: int) -> str:
    if count == 1:
        return "model.safetensors"
    return f"model-{number + 1:05}-of-{count:05}.safetensors"
