"""What running a plan needs: memory, disk and time, before it runs."""

from __future__ import annotations

from dataclasses import dataclass

from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.execute.layout import lay_out
from r2c_training.merge.execute.merge_blocks import needs_whole, tile_length, workspace
from r2c_training.merge.plan.plan import EIGHT, FOUR, FULL, Plan, PlannedTensor

_SIGN_BYTES = {FULL: 4.0, EIGHT: 1.02, FOUR: 0.52}
"""Raw bytes of an element, at most."""

_WORK = 8
"""What a method has beside the experts' tiles, in arrays of float32: SCE four of float64."""
PROGRAM_BYTES = 185 << 20
"""Resident of the interpreter with its libraries and compiled loops, as measured."""


@dataclass(frozen=True)
class Estimate:
    """What a run needs.

    Args:
        memory_bytes: For the program itself, and for blocks and tiles of all threads.
        disk_bytes: For the merged model.
        seconds: From the pace of the last merge by these methods on this store; None before the
            first. Methods on matrices are slower a byte where matrices are larger.
    """

    memory_bytes: int
    disk_bytes: int
    seconds: float | None


def estimate(plan: Plan, threads: int, pace: float | None) -> Estimate:
    """What a plan needs with so many threads, reading at `pace` bytes a second."""
    jobs = sorted(
        (
            size
            for tensor in plan.tensors
            for size in [_job_bytes(plan, tensor)] * _jobs(plan, tensor)
        ),
        reverse=True,
    )
    read = plan.inputs[0].read_bytes + plan.expert_bytes
    return Estimate(
        memory_bytes=PROGRAM_BYTES + int(sum(jobs[:threads])),
        disk_bytes=sum(shard.file_bytes for shard in lay_out(plan).shards),
        seconds=read / pace if pace else None,
    )


def _jobs(plan: Plan, tensor: PlannedTensor) -> int:
    """How many jobs a tensor is."""
    return 1 if tensor.passes or needs_whole(plan, tensor) else len(tensor.choices[0])


def _job_bytes(plan: Plan, tensor: PlannedTensor) -> float:
    """Memory of one job: raw blocks of all models, and float32 tiles of all models beside."""
    bounds = block_bounds(tensor.shape, plan.block_elements)
    sizes = [stop - start for start, stop in bounds]
    raw = [
        size * (4.0 + sum(_SIGN_BYTES.get(choice[at], 0.0) for choice in tensor.choices))
        for at, size in enumerate(sizes)
    ]
    if needs_whole(plan, tensor):
        # The models, the merged values and, at the end, what is encoded of them.
        held = 4.0 * sum(sizes) * (len(tensor.choices) + 3)
        return max(raw, default=0.0) + held + workspace(plan, tensor)
    kept = sum(raw) if tensor.passes and tensor.held else max(raw, default=0.0)
    return kept + 4.0 * tile_length(plan, tensor) * (len(tensor.choices) + _WORK)
