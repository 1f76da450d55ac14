"""Checks a merged model: its files against their hashes, its blocks against the inputs.

Blocks are merged anew as planned, which must give the same bytes, and with all experts in full,
which must lie within what the plan promised. Where no bound is known the deviation is only told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import cast

import numpy as np

from r2c.errors import StoreError, declare
from r2c_training.merge.blocks import block_bounds
from r2c_training.merge.catalog.catalog import Catalog
from r2c_training.merge.checkpoint.block_reader import Access
from r2c_training.merge.checkpoint.checkpoint import Checkpoint, open_checkpoint
from r2c_training.merge.checkpoint.number_format import (
    ITEM_BYTES,
    Bytes,
    Float32,
    Format,
    decode,
    encode,
)
from r2c_training.merge.execute.contents import with_contents
from r2c_training.merge.execute.inputs import Inputs
from r2c_training.merge.execute.manifest import (
    NO_MANIFEST,
    RECORD,
    Manifest,
    read_manifest,
    read_record,
)
from r2c_training.merge.execute.merge_blocks import Job, merge_job
from r2c_training.merge.operators import operator
from r2c_training.merge.plan.certificate import UNIT
from r2c_training.merge.plan.plan import FULL, ZERO, Plan, PlannedTensor
from r2c_training.merge.single_threaded import single_threaded

OTHER_BYTES = declare(
    "R2C-T040", StoreError,
    what="{folder!r} is not as it was published: {reason}.",
    why="Its manifest has the hash of every file and block.",
    remedy="Copy it anew from where it was made, or merge again with the same plan.",
)  # fmt: skip
BOUND_BROKEN = declare(
    "R2C-T041", StoreError,
    what="Block {block} of {tensor!r} is {error:.4g} off the full merge, not {bound:.4g} or less.",
    why="Either an input changed, or there is a mistake in R2C.",
    remedy="Analyse and merge again; if it stays, please report it with the manifest.",
)  # fmt: skip
OTHER_REPLAY = declare(
    "R2C-T145", StoreError,
    what="Block {block} of {tensor!r} lies in {folder!r} as it was published, and comes out "
    "otherwise when the same inputs are merged anew.",
    why="It was merged by another release of R2C or NumPy or on another kind of processor, on "
    "which the last bits of products of matrices hang; or there is a mistake in R2C.",
    remedy="Verify with the release that r2c_merge.json names, on a machine like the one that "
    "merged; if it stays there, please report it.",
)  # fmt: skip


@dataclass(frozen=True)
class Verified:
    """What was found.

    Args:
        files: Files whose hashes are right.
        replayed: Blocks that were merged anew to the same bytes.
        compared: Blocks that were compared with the full merge.
        error: Norm of their deviation from it, before the output's rounding.
        bound: What was promised for them; None if nothing was.
        update: Norm of the full merge minus the base in these blocks.
        weights: Norm of the full merge in these blocks.
        rounding: Norm of what the output's number format rounds away in these blocks.
        overflowed: Values that are infinite in the output's format, or no numbers.
    """

    files: int
    replayed: int
    compared: int
    error: float
    bound: float | None
    update: float
    weights: float
    rounding: float
    overflowed: int


def verify_files(folder: Path) -> Manifest:
    """Check the hashes of all files of a merged model.

    Raises:
        InputError, StoreError: R2C-T036, R2C-T040.
    """
    manifest = read_manifest(folder)
    for name, sha256 in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise OTHER_BYTES(folder=str(folder), reason=f"{name!r} is missing")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise OTHER_BYTES(folder=str(folder), reason=f"{name!r} has other bytes")
    return manifest


@single_threaded()
def verify(
    folder: Path,
    catalog: Catalog,
    *,
    blocks: int | None,
    folders: Sequence[Path] = (),
    access: Access = "buffered",
) -> Verified:
    """Check a merged model against its inputs; those that the catalogue does not know are hashed.

    Args:
        folder: The merged model.
        catalog: What its packs are in.
        blocks: How many blocks are merged anew; None for all. Which ones follows from the plan.
        folders: Where the inputs lie; by default where they lay.
        access: How they are read.

    Raises:
        InputError, StoreError: R2C-T030, R2C-T036, R2C-T040, R2C-T041, R2C-T145.
    """
    manifest = verify_files(folder)
    where = tuple(folders) or read_record(folder).folders
    if len(where) != len(manifest.plan.inputs):
        reason = f"{RECORD} has {len(where)} folders for {len(manifest.plan.inputs)} inputs"
        raise NO_MANIFEST(folder=str(folder), reason=reason)
    placed = manifest.plan.model_copy(update={"folders": where})
    plan = with_contents(placed, catalog, access, lambda _: None)
    tensors = [_everything(tensor) for tensor in plan.tensors]
    full = plan.model_copy(update={"tensors": tuple(tensors)})
    sums, overflowed = np.zeros(5), 0
    merged = open_checkpoint(folder)
    sample = _sample(plan, blocks)
    promised = all(_is_bounded(tensor) for tensor in plan.tensors)
    with Inputs(plan, catalog, access) as inputs:
        for at, numbers in sample.items():
            ours = _merged(plan, inputs, plan.tensors[at], numbers)
            exact = _merged(full, inputs, tensors[at], numbers)
            for number in numbers:
                _require_replayed(folder, merged, manifest, plan, at, number, ours[number])
                overflowed += int((~np.isfinite(_rounded(ours[number], plan.tensors[at]))).sum())
                sums += _compared(plan, inputs, at, number, ours[number], exact[number])
    roots = [float(value) ** 0.5 for value in sums]
    count = sum(len(numbers) for numbers in sample.values())
    return Verified(
        files=len(manifest.files),
        replayed=count,
        compared=count,
        error=roots[0],
        bound=roots[1] if promised else None,
        update=roots[2],
        weights=roots[3],
        rounding=roots[4],
        overflowed=overflowed,
    )


def _everything(tensor: PlannedTensor) -> PlannedTensor:
    """The tensor with all read in full: also what was taken for zero, which is checked so."""
    choices = tuple(FULL * len(choice) for choice in tensor.choices)
    return tensor.model_copy(update={"choices": choices})


def _is_bounded(tensor: PlannedTensor) -> bool:
    """Whether its error is bounded; it has none where no bound is said or all is read."""
    if operator(tensor.operator).additive:
        return True
    left_out = any(sign not in (ZERO, FULL) for choice in tensor.choices for sign in choice)
    return not left_out


def _sample(plan: Plan, blocks: int | None) -> dict[int, tuple[int, ...]]:
    """Tensor -> blocks, drawn with the plan's hash as seed."""
    every = [
        (at, number)
        for at, tensor in enumerate(plan.tensors)
        for number in range(len(tensor.choices[0]))
    ]
    if blocks is not None and blocks < len(every):
        every = sorted(Random(plan.hash).sample(every, blocks))
    found: dict[int, list[int]] = {}
    for at, number in every:
        found.setdefault(at, []).append(number)
    return {at: tuple(numbers) for at, numbers in found.items()}


def _merged(
    plan: Plan, inputs: Inputs, tensor: PlannedTensor, numbers: tuple[int, ...]
) -> dict[int, Float32]:
    parts: dict[int, list[Float32]] = {number: [] for number in numbers}

    def deliver(_: PlannedTensor, number: int, __: int, values: Float32) -> None:
        parts[number].append(values)

    merge_job(plan, inputs, Job(tensor, numbers), deliver)
    return {number: np.concatenate(found) for number, found in parts.items()}


def _rounded(values: Float32, tensor: PlannedTensor) -> Float32:
    return decode(encode(values, tensor.form), tensor.form)


def _require_replayed(
    folder: Path,
    merged: Checkpoint,
    manifest: Manifest,
    plan: Plan,
    at: int,
    number: int,
    values: Float32,
) -> None:
    tensor = plan.tensors[at]
    wanted = manifest.blocks[tensor.name][number]
    start, stop = block_bounds(tensor.shape, plan.block_elements)[number]
    stored = hashlib.sha256(_stored(merged, tensor.name, start, stop).data).hexdigest()
    replayed = hashlib.sha256(encode(values, tensor.form).data).hexdigest()
    if stored != wanted:
        reason = f"block {number} of {tensor.name!r} has other bytes"
        raise OTHER_BYTES(folder=str(folder), reason=reason)
    if replayed != wanted:
        raise OTHER_REPLAY(folder=str(folder), tensor=tensor.name, block=number)


def _stored(model: Checkpoint, name: str, start: int, stop: int) -> Bytes:
    shard, entry = model.tensors[name]
    size = ITEM_BYTES[cast(Format, entry.form)]
    with model.shards[shard].path.open("rb") as file:
        file.seek(entry.begin + start * size)
        return np.frombuffer(file.read((stop - start) * size), np.uint8)


def _compared(
    plan: Plan, inputs: Inputs, at: int, number: int, ours: Float32, exact: Float32
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Squares of error, promise, update, weights and rounding of one block."""
    tensor = plan.tensors[at]
    with ExitStack() as stack:
        raw = inputs.read(tensor.model_copy(update={"choices": ()}), number, stack)
        base = raw.base.values(0, exact.size) if raw.base else np.zeros_like(exact)
    wide = exact.astype(np.float64)
    error = float(np.linalg.norm(wide - ours))
    update = float(np.linalg.norm(wide - base))
    promised = tensor.bounds[number] if tensor.bounds else 0.0
    # Both sums round each of their terms; a term is no longer than base and updates together.
    experts = len(tensor.choices)
    longest = float(np.linalg.norm(base.astype(np.float64))) + update + experts * promised
    slack = 4 * (experts + 2) * UNIT * longest if promised else 0.0
    if _is_bounded(tensor) and error > promised + slack:
        raise BOUND_BROKEN(tensor=tensor.name, block=number, error=error, bound=promised + slack)
    rounding = float(np.linalg.norm(wide - _rounded(exact, tensor)))
    weights = float(np.linalg.norm(wide))
    return np.array([error, promised + slack, update, weights, rounding]) ** 2
