"""Passthrough: one model as it is, for recipes that stack layers."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from r2c_training.merge.operators.additive import AdditiveOperator
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.operator import BaseUse, Coefficients
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options


class PassthroughModel(ModelOptions):
    """A factor, if any."""

    scale: float | None = Field(default=None, description="Factor of the weights; none if unset.")


class Passthrough(AdditiveOperator[MergeOptions, PassthroughModel]):
    """The values of one model, times `scale` if it is given."""

    name = "passthrough"
    paper = "No paper: layers are copied, as in mergekit, arXiv:2403.13257"
    summary = "Copies one model; slices of several make a deeper one."
    base: ClassVar = BaseUse.UNUSED
    most: ClassVar = 1
    merge_options = MergeOptions
    model_options = PassthroughModel

    def coefficients(
        self, tensor: Tensor, options: Options[MergeOptions, PassthroughModel]
    ) -> Coefficients:
        """The scale."""
        scale = options.models[0].scale
        factor = 1.0 if scale is None else scale
        return Coefficients(factor, (factor,))


OPERATORS = (Passthrough(),)
