"""What one pass over an expert found out about its deltas, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.packs.pack_file import Place, fits, is_whole


@dataclass(frozen=True)
class BlockFacts:
    """One block of one delta. `error4` and `error8` are None where it is not packed."""

    base_norm: float
    norm: float
    peak: float
    error4: float | None = None
    error8: float | None = None
    place: Place | None = None
    digest: bytes | None = None
    digest4: bytes | None = None
    digest8: bytes | None = None


@dataclass(frozen=True)
class TensorFacts:
    """The blocks of one tensor, in order."""

    name: str
    form: str
    shape: tuple[int, ...]
    blocks: tuple[BlockFacts, ...]

    def odd(self, elements: int, pack_bytes: int) -> str | None:
        """What cannot be, where somebody has changed the catalogue's rows."""
        bounds = block_bounds(self.shape, elements)
        if len(bounds) != len(self.blocks):
            return f"it has {len(self.blocks)} blocks of {self.name!r}, not {len(bounds)}"
        for (start, stop), block in zip(bounds, self.blocks, strict=True):
            norms = (block.base_norm, block.norm, block.peak, block.error4, block.error8)
            if any(each is not None and not _is_norm(each) for each in norms):
                return f"norms of {self.name!r} are none"
            digests: tuple[object, ...] = (block.digest, block.digest4, block.digest8)
            if any(each is not None and not isinstance(each, bytes) for each in digests):
                return f"hashes of {self.name!r} are none"
            if block.place is not None and not fits(block.place, stop - start, pack_bytes):
                return f"a block of {self.name!r} is said to be packed where it cannot be"
        return None


def _is_norm(value: object) -> bool:
    return isinstance(value, float) and isfinite(value) and value >= 0


@dataclass(frozen=True)
class Delta:
    """All that is known of one expert against one base.

    Args:
        expert: Content hash of the expert.
        pack: The file with its packed blocks.
        pack_bytes: How much of that file is its own.
        tensors: By name; a tensor that is not here is the base's own.
    """

    expert: str
    pack: Path
    pack_bytes: int
    tensors: Mapping[str, TensorFacts]

    @property
    def whole(self) -> bool:
        """Whether the file of packed blocks is there, as long as it was."""
        return is_whole(self.pack, self.pack_bytes)
