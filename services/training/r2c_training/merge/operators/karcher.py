"""The Karcher mean: the point of the sphere with the least squared distances along arcs."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from r2c_training.merge.operators.block import Array, Block, Tensor, Wide
from r2c_training.merge.operators.operator import BaseUse, Operator, Reach
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.sphere.gram import gram, values_of
from r2c_training.merge.sums import Sums
from r2c_training.merge.weighted_sum import weighted_sum


class KarcherOptions(MergeOptions):
    """When to stop."""

    max_iter: int = Field(default=10, ge=0, description="Steps at most.")
    tol: float = Field(default=1e-5, gt=0, description="Steps and angles below are nothing.")


class Karcher(Operator[KarcherOptions, ModelOptions, Sums]):
    """Riemannian mean of the directions, times the mean of the lengths.

    Every iterate is a combination of the models, so the iteration runs on their inner products.
    """

    name = "karcher"
    paper = "Karcher, Riemannian center of mass, 1977; for models arXiv:2603.04972"
    summary = "Mean of the models on the sphere, all alike."
    reach: ClassVar = Reach.ELEMENT
    base: ClassVar = BaseUse.UNUSED
    merge_options = KarcherOptions
    model_options = ModelOptions

    def passes(self, tensor: Tensor, options: Options[KarcherOptions, ModelOptions]) -> int:
        """One, for lengths and angles; none for a single model, which stays as it is."""
        return 1 if len(options.models) > 1 else 0

    def gather(
        self,
        tensor: Tensor,
        options: Options[KarcherOptions, ModelOptions],
        earlier: Sums | None,
    ) -> Sums:
        """Inner products."""
        return gram(values_of)

    def merge(
        self,
        block: Block,
        statistics: Sums | None,
        options: Options[KarcherOptions, ModelOptions],
    ) -> Array:
        """The mean."""
        if statistics is None:
            return block.values(0).copy()
        factors = statistics.once(lambda total: _mean(total, options.merge))
        return weighted_sum(values_of(block), factors, block.length)


def _mean(products: Wide, options: KarcherOptions) -> NDArray[np.float64]:
    """Factors of the models in their mean."""
    lengths = np.sqrt(np.diag(products))
    there = lengths > options.tol
    factors = np.zeros(len(lengths))
    if not there.any():
        return factors
    units = products[np.ix_(there, there)] / np.outer(lengths[there], lengths[there])
    share = 1.0 / len(units)
    at = np.full(len(units), share)
    norm = _norm(at, units)
    # Directions that cancel out have no mean to start from; any of them will do.
    at = np.eye(len(units))[0] if norm < options.tol else at / norm
    for _ in range(options.max_iter):
        cosines = np.clip(units @ at, -1, 1)
        angles = np.arccos(cosines)
        pull = np.where(
            angles < options.tol, 0, share * angles / np.maximum(np.sin(angles), 1e-300)
        )
        step = pull - (pull @ cosines) * at
        size = _norm(step, units)
        if size < options.tol:
            break
        at = np.cos(size) * at + np.sin(size) * (step / size)
        at = at / max(_norm(at, units), options.tol)
    factors[there] = at / lengths[there] * lengths.mean()
    return factors


def _norm(factors: NDArray[np.float64], units: Wide) -> float:
    return float(np.sqrt(np.maximum(0, factors @ units @ factors)))


OPERATORS = (Karcher(),)
