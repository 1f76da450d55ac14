"""The weighted mean of models, and the weighted sum."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from r2c_training.merge.operators.additive import AdditiveOperator
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.operator import BaseUse, Coefficients
from r2c_training.merge.operators.options import MergeOptions, Options, Weighted, require_sum


class LinearOptions(MergeOptions):
    """Whether weights are shares."""

    normalize: bool = Field(default=True, description="Divide the weights by their sum.")


class Linear(AdditiveOperator[LinearOptions, Weighted]):
    """Sum of w_k theta_k, with w divided by its sum unless told otherwise."""

    name = "linear"
    paper = "Wortsman et al., Model soups, ICML 2022, arXiv:2203.05482"
    summary = "Weighted mean of the models."
    base: ClassVar = BaseUse.UNUSED
    merge_options = LinearOptions
    model_options = Weighted

    def check(self, options: Options[LinearOptions, Weighted]) -> None:
        """Weights that are shares must have a sum."""
        if options.merge.normalize:
            require_sum(self.name, [model.weight for model in options.models])

    def coefficients(
        self, tensor: Tensor, options: Options[LinearOptions, Weighted]
    ) -> Coefficients:
        """The weights; the sum of theirs for a base that serves as reference."""
        weights = [model.weight for model in options.models]
        total = sum(weights)
        if options.merge.normalize:
            weights = [weight / total for weight in weights]
        return Coefficients(sum(weights), tuple(weights))


OPERATORS = (Linear(),)
