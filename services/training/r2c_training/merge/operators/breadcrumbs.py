"""Model breadcrumbs: leave out the largest outliers and the small tail of each update."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from r2c_training.merge.sparse.by_magnitude import MagnitudeOperator, RankedOptions
from r2c_training.merge.sparse.family import SparseModel


class BreadcrumbsModel(SparseModel):
    """What stays of an expert."""

    gamma: float = Field(default=0.01, ge=0, le=1, description="Share of largest that go.")


class Breadcrumbs(MagnitudeOperator[RankedOptions, BreadcrumbsModel]):
    """Keeps `density` of the elements below the largest `gamma`."""

    name = "breadcrumbs"
    paper = "Davari and Belilovsky, Model Breadcrumbs, ECCV 2024, arXiv:2312.06795"
    summary = "Updates without their largest outliers and their small tail, added."
    merge_options = RankedOptions
    model_options = BreadcrumbsModel

    def window(self, size: int, model: BreadcrumbsModel) -> tuple[int, int]:
        """Fewer outliers go where the density could not be kept otherwise."""
        kept = int(model.density * size)
        tail = max(0, size - kept - int(model.gamma * size))
        return size - tail - kept, size - tail


class BreadcrumbsTies(Breadcrumbs):
    """The same, with elected signs."""

    name = "breadcrumbs_ties"
    summary = "As breadcrumbs, of those that agree in sign."
    elects: ClassVar = True


OPERATORS = (Breadcrumbs(), BreadcrumbsTies())
