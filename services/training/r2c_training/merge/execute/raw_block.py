"""A block as it was read: raw bytes of the base and of each expert, decoded tile by tile.

Of all experts no more than the raw bytes of a block are held, and a tile of it as float32: half a
block or less, so that memory stays small and threads meet seldom.
"""

from __future__ import annotations

from dataclasses import dataclass

from r2c_training.merge.checkpoint.number_format import (
    ITEM_BYTES,
    Bytes,
    Float32,
    Format,
    decode,
    decode_difference,
)
from r2c_training.merge.low_rank import Factors
from r2c_training.merge.operators.block import Block, Tensor
from r2c_training.merge.packs.quantize import unpack


@dataclass(frozen=True)
class RawValues:
    """Weights as they lie in a file."""

    raw: Bytes
    form: Format

    def values(self, start: int, stop: int) -> Float32:
        """Elements of the block, by their place in it."""
        return decode(self._bytes(start, stop), self.form)

    def beyond(self, base: Float32, start: int, stop: int) -> Float32:
        """The same minus those of a base."""
        return decode_difference(self._bytes(start, stop), self.form, base)

    def _bytes(self, start: int, stop: int) -> Bytes:
        size = ITEM_BYTES[self.form]
        return self.raw[start * size : stop * size]


@dataclass(frozen=True)
class PackedDelta:
    """A delta in packed form; `fine` is None for four bits."""

    coarse: Bytes
    fine: Bytes | None


RawDelta = RawValues | PackedDelta | Factors | None
"""A model's own weights, a packed delta, an adapter's factors, or nothing."""


@dataclass(frozen=True)
class RawBlock:
    """Elements start to stop of a tensor; `base` is None if models are merged as such."""

    start: int
    stop: int
    base: RawValues | None
    deltas: tuple[RawDelta, ...]

    def tile(self, tensor: Tensor, start: int, stop: int) -> Block:
        """A part of the block for an operator; bounds are elements of the tensor."""
        at, end = start - self.start, stop - self.start
        base = self.base.values(at, end) if self.base else None
        deltas: list[Float32 | None] = []
        for delta in self.deltas:
            if isinstance(delta, RawValues):
                if base is None:
                    deltas.append(delta.values(at, end))
                else:
                    deltas.append(delta.beyond(base, at, end))
            elif isinstance(delta, PackedDelta):
                deltas.append(unpack(delta.coarse, delta.fine, at, end))
            elif isinstance(delta, Factors):
                deltas.append(delta.delta(start, stop))
            else:
                deltas.append(None)
        return Block(tensor, start, stop - start, base, tuple(deltas))
