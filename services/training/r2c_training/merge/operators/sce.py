"""SCE: select where experts differ, weigh them by energy, erase what points the other way."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach, Statistics
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.sparse.consensus import Update, elected_sum
from r2c_training.merge.sparse.cuts import Counts, Cut, Cuts
from r2c_training.merge.sums import Sums


class SceOptions(MergeOptions):
    """How much is selected."""

    select_topk: float = Field(default=1.0, ge=0, le=1, description="Share that is selected.")
    int8_mask: bool = Field(default=False, description="Read for mergekit's sake; no effect.")
    energy_floor: float = Field(
        default=1e-6,
        ge=0,
        description=(
            "Experts weigh alike where their mean squared updates sum to less; mergekit's value "
            "makes that the rule for small updates, 0 weighs them always."
        ),
    )


class Energies(Sums):
    """Mean squared update of each expert, of what is selected; knows the selection."""

    cuts: Cuts | None = None


Given = Options[SceOptions, ModelOptions]


class Sce(Operator[SceOptions, ModelOptions, Statistics]):
    """base + sum of e_k delta_k / sum of e_k, over the experts with the sign of their sum."""

    name = "sce"
    paper = "Wan et al., FuseChat, EMNLP 2025, arXiv:2408.07990"
    summary = "Where experts differ most, their mean by energy, of those that agree in sign."
    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.REQUIRED
    merge_options = SceOptions
    model_options = ModelOptions

    def passes(self, tensor: Tensor, options: Given) -> int:
        """Two to select by variance, one for energies."""
        return 3 if 0 < options.merge.select_topk < 1 else 1

    def gather(self, tensor: Tensor, options: Given, earlier: Statistics | None) -> Statistics:
        """Counts of variances, their cut, energies of the selected."""
        select = options.merge.select_topk
        if earlier is None and 0 < select < 1:
            return Counts(frozenset({0}), _variance)
        if isinstance(earlier, Counts):
            rank = int(earlier.above_zero(0) * select)
            return Cuts(frozenset({Cut(0, rank)}), "float32", earlier, _variance)
        cuts = earlier if isinstance(earlier, Cuts) else None

        def measure(block: Block) -> Wide:
            return np.array([_energy(each) for each in self._selected(block, options, cuts)])

        energies = Energies(measure)
        energies.cuts = cuts
        return energies

    def merge(self, block: Block, statistics: Statistics | None, options: Given) -> Array:
        """The mean of those that agree, added to the base."""
        assert isinstance(statistics, Energies)
        energies = statistics.total / max(1, block.tensor.size)
        total = float(energies.sum())
        count = len(block.deltas)
        even = total == 0 or total < options.merge.energy_floor
        weights = np.full(count, 1.0 / count) if even else energies / total
        merged = elected_sum(
            self._selected(block, options, statistics.cuts),
            [float(weight) for weight in weights],
            block.length,
            normalize=True,
            alike=True,
            least=1e-6,
        )
        return merged if block.base is None else merged + block.base

    def _selected(self, block: Block, options: Given, cuts: Cuts | None) -> list[Update | None]:
        count = len(block.deltas)
        if options.merge.select_topk <= 0:
            return [None] * count
        mask = None if cuts is None else cuts.first(next(iter(cuts.cuts)), block)
        return [None if delta is None else Update(delta, mask) for delta in block.deltas]


def _energy(update: Update | None) -> float:
    if update is None:
        return 0.0
    part = update.part(slice(None), 1.0)
    return float(np.square(part, dtype=np.float64).sum())


def _variance(block: Block, row: int) -> Array | None:
    """Variance between the experts at each element, with 0 for those that add nothing."""
    present = [delta for delta in block.deltas if delta is not None]
    if not present:
        return None
    count = len(block.deltas)
    mean = np.zeros(block.length, dtype=np.float64)
    for delta in present:
        mean += delta
    mean /= count
    squares = (count - len(present)) * mean**2
    for delta in present:
        squares += (delta - mean) ** 2
    variance: Array = (squares / count).astype(np.float32)
    return variance


OPERATORS = (Sce(),)
