"""TIES: trim each update to its largest elements, elect signs, average those that agree."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from r2c_training.merge.sparse.by_magnitude import MagnitudeOperator, RankedOptions
from r2c_training.merge.sparse.family import SparseModel


class TiesOptions(RankedOptions):
    """As the family, with the mean of those that agree."""

    normalize: bool = Field(default=True, description="Divide by the weights that took part.")


class Ties(MagnitudeOperator[TiesOptions, SparseModel]):
    """Trims by the exact threshold of the whole tensor."""

    name = "ties"
    paper = "Yadav et al., TIES-Merging, NeurIPS 2023, arXiv:2306.01708"
    summary = "Largest elements of each update; the mean of those that agree in sign."
    elects: ClassVar = True
    merge_options = TiesOptions
    model_options = SparseModel

    def window(self, size: int, model: SparseModel) -> tuple[int, int]:
        """The largest `density` of all, at least one unless the density is 0."""
        return 0, max(1, int(model.density * size)) if model.density > 0 else 0


OPERATORS = (Ties(),)
