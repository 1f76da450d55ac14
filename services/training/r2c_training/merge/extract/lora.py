"""Takes an adapter out of a tuned model, in the files of PEFT, and says what it misses.

One tensor of each model lies in memory at a time. The adapter appears under its name when it is
complete.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ml_dtypes  # noqa: F401 - gives NumPy bfloat16, as checkpoints have it
import numpy as np
from pydantic import JsonValue
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.checkpoint import require_indexed, shard_paths, weight_map
from r2c_training.merge.extract.factors import factorize
from r2c_training.merge.operators.block import Array
from r2c_training.merge.single_threaded import single_threaded
from r2c_training.merge.writable import told_if_unwritable

NO_WEIGHTS = declare(
    "R2C-T120",
    InputError,
    what="{folder!r} cannot be read as a checkpoint: {problem}.",
    why="An adapter is the difference of two checkpoints in safetensors.",
    remedy="Give folders with *.safetensors of the base and of a model tuned from it.",
)
OTHER_SHAPE = declare(
    "R2C-T121",
    InputError,
    what="Tensor {tensor!r} has shape {base} in the base and {tuned} in the tuned model.",
    why="What was learned is their difference, so they must have the same shape.",
    remedy="Give the base that the model was tuned from, with its vocabulary.",
)
TAKEN = declare(
    "R2C-T122",
    InputError,
    what="{folder!r} is there already.",
    why="An adapter is not written over something else.",
    remedy="Give another folder, or remove that one.",
)

NO_NUMBERS = declare(
    "R2C-T129",
    InputError,
    what="Tensor {tensor!r} of {folder!r} holds numbers that are not finite.",
    why="No adapter comes near to an infinity or a NaN; training that diverged is the usual cause.",
    remedy="Give a checkpoint from before that.",
)
UNRELATED = declare(
    "R2C-T130",
    InputError,
    what="{base!r} and {tuned!r} have no tensor in common; they hold {first!r} and {second!r}.",
    why="What was learned is the difference of tensors of one name.",
    remedy="Give the base that the model was tuned from, saved under the same names.",
)


@dataclass(frozen=True)
class Extraction:
    """What an adapter holds and misses.

    Args:
        ranks: Rank for each module that it adapts.
        errors: For each of them the norm of what is missed over the norm of its update.
        left_out: Tensors that changed and cannot be adapted (no matrices, or tables of tokens),
            each with the norm of its update.
        missing: Tensors that one of the two lacks: `base` or `tuned`.
        error: Norm of all that is missed, what is left out too, over the norm of all updates.
    """

    ranks: dict[str, int]
    errors: dict[str, float]
    left_out: dict[str, float]
    missing: dict[str, str]
    error: float


@single_threaded()
def extract_lora(
    base: Path, tuned: Path, out: Path, *, rank: int, energy: float = 1.0, name: str = ""
) -> Extraction:
    """Write the adapter that comes nearest to a tuned model.

    Args:
        base: Folder of the base checkpoint.
        tuned: Folder of the tuned checkpoint.
        out: Folder of the adapter, which must not be there yet.
        rank: Rank of a module, at most.
        energy: Share of an update's sum of squares at which a smaller rank is enough.
        name: What the adapter calls its base; the folder's name unless given.

    Raises:
        InputError, StoreError: R2C-T002, T120 to T122, T129, T130, T141.
    """
    if out.exists():
        raise TAKEN(folder=str(out))
    factors: dict[str, Array] = {}
    ranks, errors, left_out = {}, {}, {}
    missed = total = 0.0
    before, after = _places(base), _places(tuned)
    if before.keys().isdisjoint(after):
        raise UNRELATED(base=str(base), tuned=str(tuned), first=min(before), second=min(after))
    for tensor, update in _updates(before, after):
        size = float(np.square(update, dtype=np.float64).sum())
        total += size
        if size == 0:
            continue
        module = tensor.removesuffix(".weight")
        if update.ndim != 2 or module == tensor or "embed" in tensor or "lm_head" in tensor:
            left_out[tensor] = float(np.sqrt(size))
            missed += size
            continue
        found = factorize(update, rank, energy)
        factors[f"base_model.model.{module}.lora_A.weight"] = found.down
        factors[f"base_model.model.{module}.lora_B.weight"] = found.up
        ranks[module], errors[module] = found.rank, found.error
        missed += found.missed
    _write(out, factors, ranks, name or base.name)
    error = float(np.sqrt(missed / total)) if total > 0 else 0.0
    missing = dict.fromkeys(sorted(after.keys() - before.keys()), "base")
    missing |= dict.fromkeys(sorted(before.keys() - after.keys()), "tuned")
    return Extraction(ranks, errors, left_out, missing, error)


def _updates(before: dict[str, Path], after: dict[str, Path]) -> Iterator[tuple[str, Array]]:
    """Tensor by tensor what the tuned model has more than its base, float32."""
    for tensor in sorted(before.keys() & after.keys()):
        first, second = _tensor(before[tensor], tensor), _tensor(after[tensor], tensor)
        if first.shape != second.shape:
            raise OTHER_SHAPE(tensor=tensor, base=first.shape, tuned=second.shape)
        yield tensor, second - first


def _places(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    index = weight_map(folder)
    for path in shard_paths(folder, index):
        try:
            with safe_open(path, framework="numpy") as opened:
                found |= dict.fromkeys(opened.keys(), path)
        except (OSError, SafetensorError) as error:
            raise NO_WEIGHTS(folder=str(folder), problem=f"{path.name}: {error}") from error
    if not found:
        raise NO_WEIGHTS(folder=str(folder), problem="there are no safetensors in it")
    require_indexed(folder, index, found)
    return found


def _tensor(path: Path, tensor: str) -> Array:
    with safe_open(path, framework="numpy") as opened:
        values: Array = opened.get_tensor(tensor).astype(np.float32)
    if not np.isfinite(values).all():
        raise NO_NUMBERS(tensor=tensor, folder=str(path.parent))
    return values


def _write(out: Path, factors: dict[str, Array], ranks: dict[str, int], base: str) -> None:
    """PEFT's two files; with alpha equal to the rank the product counts as it is."""
    largest = max(ranks.values(), default=1)
    others: dict[str, JsonValue] = {
        module: rank for module, rank in ranks.items() if rank != largest
    }
    config: dict[str, JsonValue] = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": largest,
        "lora_alpha": largest,
        "rank_pattern": others,
        "alpha_pattern": others,
        "target_modules": [*sorted(ranks)],
        "bias": "none",
        "lora_dropout": 0.0,
        "inference_mode": True,
    }
    unfinished = out.with_name(f".{out.name}.{os.getpid()}.unfinished")
    told = json.dumps(config, indent=2) + "\n"
    with told_if_unwritable(out):
        unfinished.mkdir(parents=True)
        try:
            # `save_file` would leave a file that nobody else may read.
            weights = save(factors, metadata={"format": "pt"})
            (unfinished / "adapter_model.safetensors").write_bytes(weights)
            (unfinished / "adapter_config.json").write_text(told, encoding="utf-8")
            unfinished.rename(out)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
