"""DARE: drop elements of each update at random and rescale the rest."""

from __future__ import annotations

from typing import ClassVar

from r2c_training.merge.operators.block import Block
from r2c_training.merge.operators.options import Options
from r2c_training.merge.sparse.by_chance import ChanceOperator, DrawnOptions
from r2c_training.merge.sparse.cuts import Cuts, Mask
from r2c_training.merge.sparse.draws import stays
from r2c_training.merge.sparse.family import SparseModel


class DareLinear(ChanceOperator[DrawnOptions, SparseModel]):
    """Every element stays with the probability `density`, on its own."""

    name = "dare_linear"
    paper = "Yu et al., Language Models are Super Mario, ICML 2024, arXiv:2311.03099"
    summary = "Updates thinned at random and rescaled, added."
    merge_options = DrawnOptions
    model_options = SparseModel

    def mask(
        self,
        block: Block,
        expert: int,
        options: Options[DrawnOptions, SparseModel],
        cuts: Cuts | None,
    ) -> Mask | None:
        """A draw for each element."""
        return stays(block, expert, options.merge.seed, options.models[expert].density)


class DareTies(DareLinear):
    """The same, with elected signs."""

    name = "dare_ties"
    summary = "Updates thinned at random and rescaled, of those that agree in sign."
    elects: ClassVar = True


OPERATORS = (DareLinear(), DareTies())
