"""A small family of models, and its weights as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from r2c_training.merge.checkpoint.checkpoint import Checkpoint, open_checkpoint
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Float32, Format, decode
from r2c_training.merge.plan.request import MergeRequest, Rule

ELEMENTS = 16384
"""Elements of a block in tests: the larger tensors have two, and blocks are worth packing."""


@dataclass(frozen=True)
class Family:
    """Folders of a base and of experts trained from it; the last one is an adapter."""

    base: Path
    experts: tuple[Path, ...]
    adapter: Path

    def request(
        self, operator: str = "task_arithmetic", *, adapter: bool = False, weight: float = 0.4
    ) -> MergeRequest:
        experts = self.experts + ((self.adapter,) if adapter else ())
        rule = Rule(operator, {}, [{"weight": weight}] * len(experts))
        return MergeRequest(self.base, experts, lambda _: rule)


def weights(folder: Path) -> dict[str, Float32]:
    """All tensors of a model as float32."""
    opened = open_checkpoint(folder)
    return {name: values(opened, name) for name in opened.tensors}


def values(model: Checkpoint, name: str) -> Float32:
    shard, entry = model.tensors[name]
    with model.shards[shard].path.open("rb") as file:
        file.seek(entry.begin)
        raw = np.frombuffer(file.read(entry.end - entry.begin), np.uint8)
    form = cast(Format, entry.form)
    assert raw.size == entry.elements * ITEM_BYTES[form]
    return decode(raw, form).reshape(entry.shape)
