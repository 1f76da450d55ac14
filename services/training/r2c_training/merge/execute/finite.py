"""What is merged must be numbers: an infinity or a NaN spreads through every layer behind it."""

from __future__ import annotations

import numpy as np

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.number_format import FORMAT_NAMES
from r2c_training.merge.execute.inputs import Inputs
from r2c_training.merge.execute.merge_blocks import tiles_of
from r2c_training.merge.plan.plan import Plan, PlannedTensor

NOT_FINITE = declare(
    "R2C-T123", InputError,
    what="The merge of {tensor!r} holds numbers that are not finite: {reason}.",
    why="One infinity or NaN makes all that a model computes useless; nothing was published.",
    remedy="Leave that model out or mend it. Where the inputs are sound, look at the weights and "
    "options of the recipe, or ask for a format of more range: `dtype: bfloat16`.",
)  # fmt: skip


def not_finite(plan: Plan, inputs: Inputs, tensor: PlannedTensor) -> Exception:
    """That the merge of a tensor is not finite, with the inputs that hold such numbers already."""
    names = sources_not_finite(plan, inputs, tensor)
    reason = (
        f"so does {' and '.join(names)}"
        if names
        else (
            f"no input does, so the options or the range of {FORMAT_NAMES[tensor.form]} make them"
        )
    )
    return NOT_FINITE(tensor=tensor.name, reason=reason)


def sources_not_finite(plan: Plan, inputs: Inputs, tensor: PlannedTensor) -> list[str]:
    """Role and name of the inputs whose values of a tensor, as they are read, are not finite."""
    found: set[int] = set()
    for tile in tiles_of(plan, inputs, tensor):
        if tile.base is not None and not np.isfinite(tile.base).all():
            # What experts add to such a base is no number either, and says nothing of them.
            found.add(0)
            continue
        for at, delta in enumerate(tile.deltas):
            if delta is not None and not np.isfinite(delta).all():
                found.add(at + 1)
    return [f"{plan.inputs[at].role} {plan.inputs[at].name!r}" for at in sorted(found)]
