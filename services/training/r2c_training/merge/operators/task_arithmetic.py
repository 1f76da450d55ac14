"""Task arithmetic: add what the experts learned."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from r2c_training.merge.operators.additive import AdditiveOperator
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.operator import BaseUse, Coefficients
from r2c_training.merge.operators.options import MergeOptions, Options, Weighted


class TaskArithmeticOptions(MergeOptions):
    """Whether weights are shares, and the factor of their sum."""

    normalize: bool = Field(default=False, description="Divide by the sum of weights.")
    scale: float = Field(default=1.0, alias="lambda", description="Factor of the merged update.")
    int8_mask: bool = Field(default=False, description="Read for mergekit's sake; no effect.")


class TaskArithmetic(AdditiveOperator[TaskArithmeticOptions, Weighted]):
    """base + lambda * sum of w_k delta_k."""

    name = "task_arithmetic"
    paper = "Ilharco et al., Editing models with task arithmetic, ICLR 2023, arXiv:2212.04089"
    summary = "Base plus the weighted sum of the updates."
    base: ClassVar = BaseUse.REQUIRED
    merge_options = TaskArithmeticOptions
    model_options = Weighted

    def coefficients(
        self, tensor: Tensor, options: Options[TaskArithmeticOptions, Weighted]
    ) -> Coefficients:
        """The weights times lambda, divided by the sum of weights if they are shares."""
        weights = [model.weight for model in options.models]
        total = sum(weights)
        divisor = total if options.merge.normalize and abs(total) >= 1e-8 else 1.0
        factor = options.merge.scale / divisor
        return Coefficients(1.0, tuple(factor * weight for weight in weights))


OPERATORS = (TaskArithmetic(),)
