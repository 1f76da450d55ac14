"""Thinning by the rank of magnitudes in the whole tensor."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

import numpy as np
from pydantic import Field

from r2c_training.merge.operators.block import Block, Tensor
from r2c_training.merge.operators.options import Options
from r2c_training.merge.sparse.cuts import Counts, Cut, Cuts, Mask
from r2c_training.merge.sparse.family import SP, SparseOperator, SparseOptions
from r2c_training.merge.sparse.magnitudes import Keys


class RankedOptions(SparseOptions):
    """How finely magnitudes are ranked."""

    ranked_by: Keys = Field(
        default="float32",
        description=(
            "`float32` ranks exactly, in two passes; `bfloat16` ranks rounded magnitudes, equal "
            "ones by index, in one."
        ),
    )


RM = TypeVar("RM", bound=RankedOptions)


class MagnitudeOperator(SparseOperator[RM, SP], Generic[RM, SP]):
    """Keeps the elements whose ranks, from the largest magnitude, lie in a window."""

    @abstractmethod
    def window(self, size: int, model: SP) -> tuple[int, int]:
        """How many of the largest are passed over, and how many come before the first dropped."""

    def cut_passes(self, tensor: Tensor, options: Options[RM, SP]) -> int:
        """None if every expert stays whole."""
        if not self._cuts(tensor, options):
            return 0
        return 2 if options.merge.ranked_by == "float32" else 1

    def gather_cuts(
        self, tensor: Tensor, options: Options[RM, SP], earlier: Counts | None
    ) -> Counts | Cuts:
        """Counts, then cuts."""
        cuts = self._cuts(tensor, options)
        if options.merge.ranked_by == "float32" and earlier is None:
            return Counts(frozenset(cut.row for cut in cuts))
        return Cuts(cuts, options.merge.ranked_by, earlier)

    def mask(
        self, block: Block, expert: int, options: Options[RM, SP], cuts: Cuts | None
    ) -> Mask | None:
        """The window."""
        size = block.tensor.size
        skipped, end = self.window(size, options.models[expert])
        if end <= skipped:
            return np.zeros(block.length, np.bool_)
        within = None if end >= size or cuts is None else cuts.first(Cut(expert, end), block)
        if skipped <= 0 or cuts is None:
            return within
        passed = cuts.first(Cut(expert, skipped), block)
        if passed is None:
            return np.zeros(block.length, np.bool_)
        return ~passed if within is None else within & ~passed

    def _cuts(self, tensor: Tensor, options: Options[RM, SP]) -> frozenset[Cut]:
        found = set()
        for expert, model in enumerate(options.models):
            if model.density < 1:
                skipped, end = self.window(tensor.size, model)
                found |= {Cut(expert, rank) for rank in (skipped, end) if 0 < rank < tensor.size}
        return frozenset(found)
