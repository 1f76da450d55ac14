"""The family of operators that thin out each update and then add them: TIES, DARE, DELLA and kin.

They differ in which elements stay (`mask`), in whether signs are elected, and in defaults. mergekit
has them as one class too.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Generic, TypeVar

import numpy as np
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach, Statistics
from r2c_training.merge.operators.options import MergeOptions, Options, Weighted
from r2c_training.merge.sparse.consensus import Update, elected_sum, weighted_sum
from r2c_training.merge.sparse.cuts import Counts, Cuts, Mask
from r2c_training.merge.sums import Sums


class SparseOptions(MergeOptions):
    """How the thinned updates are put together."""

    normalize: bool = Field(default=False, description="Divide by the weights that took part.")
    rescale: bool = Field(default=False, description="Make up for what was left out.")
    scale: float = Field(default=1.0, alias="lambda", description="Factor of the merged update.")
    int8_mask: bool = Field(default=False, description="Read for mergekit's sake; no effect.")


class SparseModel(Weighted):
    """How much of an expert stays."""

    density: float = Field(default=1.0, ge=0, le=1, description="Share of elements that stay.")


SM = TypeVar("SM", bound=SparseOptions)
SP = TypeVar("SP", bound=SparseModel)


class KeptNorms(Sums):
    """Per expert the sums of magnitudes before and after thinning; knows the cuts they rest on."""

    cuts: Cuts | None = None


class SparseOperator(Operator[SM, SP, Statistics], Generic[SM, SP]):
    """base + lambda * sum of w_k s_k mask_k delta_k, perhaps of those that agree in sign."""

    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.REQUIRED
    elects: ClassVar[bool] = False
    """Whether signs are elected."""

    @abstractmethod
    def mask(
        self, block: Block, expert: int, options: Options[SM, SP], cuts: Cuts | None
    ) -> Mask | None:
        """Which elements of an expert's delta stay; None for all."""

    def cut_passes(self, tensor: Tensor, options: Options[SM, SP]) -> int:
        """Passes that `mask` needs first."""
        return 0

    def gather_cuts(
        self, tensor: Tensor, options: Options[SM, SP], earlier: Counts | None
    ) -> Counts | Cuts:
        """The accumulator of the next of those passes."""
        raise TypeError(f"{self.name} makes no cuts")

    def rescales_by_norm(self, options: Options[SM, SP]) -> bool:
        """Whether to rescale by the sums of magnitudes, which takes a pass."""
        return options.merge.rescale and any(model.density < 1 for model in options.models)

    def factor(self, expert: int, options: Options[SM, SP]) -> float:
        """What a thinned update is multiplied by where no norm decides."""
        return 1.0

    def passes(self, tensor: Tensor, options: Options[SM, SP]) -> int:
        """Those for the cuts, and one for the norms."""
        return self.cut_passes(tensor, options) + self.rescales_by_norm(options)

    def gather(
        self, tensor: Tensor, options: Options[SM, SP], earlier: Statistics | None
    ) -> Statistics:
        """Counts, then cuts, then norms, as far as they are needed."""
        cuts = earlier if isinstance(earlier, Cuts) else None
        if cuts is None and self.cut_passes(tensor, options):
            counts = earlier if isinstance(earlier, Counts) else None
            return self.gather_cuts(tensor, options, counts)

        def measure(block: Block) -> Wide:
            return np.array(
                [self._norms(block, expert, options, cuts) for expert in range(len(block.deltas))]
            )

        norms = KeptNorms(measure)
        norms.cuts = cuts
        return norms

    def merge(self, block: Block, statistics: Statistics | None, options: Options[SM, SP]) -> Array:
        """Thin out, rescale, add."""
        norms = statistics if isinstance(statistics, KeptNorms) else None
        cuts = statistics if isinstance(statistics, Cuts) else norms.cuts if norms else None
        updates = []
        for expert, model in enumerate(options.models):
            update = self._thinned(block, expert, options, cuts)
            if update is not None and model.density < 1:
                factor = _ratio(*norms.total[expert]) if norms else self.factor(expert, options)
                update = update._replace(factor=factor)
            updates.append(update)
        weights = [model.weight for model in options.models]
        add = elected_sum if self.elects else weighted_sum
        total = add(updates, weights, block.length, normalize=options.merge.normalize)
        if options.merge.scale != 1.0:
            total *= np.float32(options.merge.scale)
        if block.base is not None:
            total += block.base
        return total

    def _thinned(
        self, block: Block, expert: int, options: Options[SM, SP], cuts: Cuts | None
    ) -> Update | None:
        delta = block.deltas[expert]
        if delta is None:
            return None
        whole = options.models[expert].density >= 1
        return Update(delta, None if whole else self.mask(block, expert, options, cuts))

    def _norms(
        self, block: Block, expert: int, options: Options[SM, SP], cuts: Cuts | None
    ) -> tuple[float, float]:
        update = self._thinned(block, expert, options, cuts)
        if update is None or options.models[expert].density >= 1:
            return 0.0, 0.0
        return update.sizes()


def _ratio(before: float, after: float) -> float:
    # A norm this small says nothing; mergekit leaves the update as it is then.
    return 1.0 if before < 1e-7 or after < 1e-7 else before / after
