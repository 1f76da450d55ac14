"""One tensor of the merged model with its rule: operator, options, passes, weights of experts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from r2c_training.merge.adapter import Adapter
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.checkpoint.header import TensorEntry
from r2c_training.merge.checkpoint.number_format import ITEM_BYTES, Format
from r2c_training.merge.operators import operator
from r2c_training.merge.operators.block import Tensor
from r2c_training.merge.operators.operator import AnyOperator, Reach
from r2c_training.merge.operators.options import MergeOptions, ModelOptions, Options
from r2c_training.merge.plan.request import Rule
from r2c_training.merge.source import Source

HOLD_BYTES = 256 << 20
"""Raw bytes of one tensor of all models that may stay in memory between passes."""


@dataclass(frozen=True)
class Asked:
    """One tensor of the merged model.

    Args:
        entry: The base's tensor.
        form: Number format of the merged tensor.
        operator: What merges it.
        options: The operator's options.
        rule: What the request said.
        passes: Times that blocks are gathered before the merge.
        held: Whether blocks stay in memory from the first reading to the merge.
        bounds: First element and the one behind the last, of each block.
        factors: What the delta of each expert is weighted with, as far as it is known beforehand.
    """

    entry: TensorEntry
    form: Format
    operator: AnyOperator
    options: Options[MergeOptions, ModelOptions]
    rule: Rule
    passes: int
    held: bool
    bounds: list[tuple[int, int]]
    factors: tuple[float, ...]

    @property
    def times(self) -> int:
        """How many times its blocks are read."""
        return 1 if self.held else self.passes + 1


def ask(
    entry: TensorEntry, form: Format, rule: Rule, experts: Sequence[Source], elements: int
) -> Asked:
    """Work out what merging one tensor takes.

    Raises:
        InputError: those of `operator` and `Operator.choose`.
    """
    chosen = operator(rule.operator)
    options = chosen.choose(rule.merge, rule.models)
    tensor = Tensor(entry.name, entry.shape, ("",) * len(experts))
    passes = chosen.passes(tensor, options)
    whole = chosen.reach_of(tensor, options) is Reach.TENSOR
    models = 1 + sum(not isinstance(expert, Adapter) for expert in experts)
    size = prod(entry.shape) * ITEM_BYTES["F32" if entry.form == "F32" else "BF16"]
    held = passes == 0 or whole or size * models <= HOLD_BYTES
    bounds = block_bounds(entry.shape, elements)
    factors = _factors(chosen, tensor, options)
    return Asked(entry, form, chosen, options, rule, passes, held, bounds, factors)


def _factors(
    chosen: AnyOperator, tensor: Tensor, options: Options[MergeOptions, ModelOptions]
) -> tuple[float, ...]:
    if chosen.additive:
        return tuple(abs(c) for c in chosen.coefficients(tensor, options).experts)
    # A weight of zero may still take part in what other operators count and elect.
    return tuple(abs(float(getattr(each, "weight", 1.0))) or 1.0 for each in options.models)
