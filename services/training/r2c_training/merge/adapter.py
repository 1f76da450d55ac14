"""A LoRA adapter as an expert: what it adds to a tensor is worked out row by row, never written.

Reads what PEFT writes: `lora_A` (rank, inputs) and `lora_B` (outputs, rank); the delta of a linear
layer is scale * B A, of an embedding its transpose. scale = alpha / rank, or alpha / sqrt(rank)
with rsLoRA (Hu et al., LoRA, arXiv:2106.09685; Kalajdzievski, arXiv:2312.03732).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.checkpoint import read_object
from r2c_training.merge.checkpoint.header import Header, TensorEntry, read_header
from r2c_training.merge.operators.options import LARGEST_FACTOR

UNSUPPORTED_ADAPTER = declare(
    "R2C-T006", InputError,
    what="The adapter {folder!r} cannot be merged: {reason}.",
    why="Only plain LoRA adds the same to every input: a fixed low-rank matrix a tensor.",
    remedy="Merge it into its base with the tool that trained it, and name the result as a model.",
)  # fmt: skip

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
_NAME = re.compile(
    r"(?:base_model\.model\.)?(?P<module>.+)\.lora_(?P<side>(?:embedding_)?[AB])(?:\.weight)?"
)
_KEEP_THE_BASE: tuple[JsonValue, ...] = (True, False, None, "gaussian", "orthogonal", "eva")
"""Beginnings of PEFT that leave the base as it is; PiSSA, OLoRA, LoftQ and others change it."""
_PLAIN = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class LowRank:
    """What an adapter adds to one tensor: scale * rows @ columns.

    Args:
        rows: The factor with as many rows as the tensor has, or its transpose.
        columns: The other factor, or its transpose.
        scale: The number before them.
        transposed: Whether the file holds both factors transposed (embeddings).
    """

    rows: TensorEntry
    columns: TensorEntry
    scale: float
    transposed: bool

    @property
    def rank(self) -> int:
        """Rank of the update."""
        return self.rows.shape[0] if self.transposed else self.rows.shape[1]

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of the tensor that it adds to."""
        if self.transposed:
            return self.rows.shape[1], self.columns.shape[0]
        return self.rows.shape[0], self.columns.shape[1]


@dataclass(frozen=True)
class Adapter:
    """The headers of one adapter; `updates` by the name of the tensor of the base."""

    folder: Path
    file: Header
    updates: Mapping[str, LowRank]
    config: Mapping[str, JsonValue]

    @property
    def weight_bytes(self) -> int:
        """Bytes of all factors."""
        return sum(entry.end - entry.begin for entry in self.file.tensors)


def is_adapter(folder: Path) -> bool:
    """Whether the folder holds an adapter. A model beside it is not looked for."""
    return (folder / CONFIG).is_file()


def open_adapter(folder: Path) -> Adapter:
    """Read the configuration and the header of an adapter.

    Raises:
        InputError: R2C-T001 or R2C-T006.
    """
    config = read_object(folder / CONFIG)
    if config is None:
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=f"{CONFIG} is no JSON object")
    _require_plain(folder, config)
    file = read_header(folder / WEIGHTS)
    sides: dict[str, dict[str, TensorEntry]] = {}
    for entry in file.tensors:
        found = _NAME.fullmatch(entry.name)
        if found is None:
            reason = f"{entry.name!r} is no factor of a low-rank update"
            raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=reason)
        factors = sides.setdefault(found["module"], {})
        if found["side"] in factors:
            reason = f"{factors[found['side']].name!r} and {entry.name!r} are one factor"
            raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=reason)
        factors[found["side"]] = entry
    updates = {}
    for module, factors in sides.items():
        updates[f"{module}.weight"] = _update(folder, module, factors, config)
    return Adapter(folder.resolve(), file, updates, config)


def _require_plain(folder: Path, config: Mapping[str, JsonValue]) -> None:
    reasons = {
        "it is no LoRA": config.get("peft_type") != "LORA",
        "it splits weights into size and direction (DoRA)": bool(config.get("use_dora")),
        "it trains biases": config.get("bias", "none") != "none",
        "it trains whole modules": bool(config.get("modules_to_save")),
        "its matrices are transposed (fan_in_fan_out)": bool(config.get("fan_in_fan_out")),
        "it counts only behind certain tokens (aLoRA)": bool(config.get("alora_invocation_tokens")),
        "it repeats layers of its base (layer_replication)": bool(config.get("layer_replication")),
        "its beginning may have changed the weights below it (init_lora_weights)": (
            config.get("init_lora_weights", True) not in _KEEP_THE_BASE
        ),
    }
    for reason, holds in reasons.items():
        if holds:
            raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=reason)


def _update(
    folder: Path, module: str, factors: Mapping[str, TensorEntry], config: Mapping[str, JsonValue]
) -> LowRank:
    transposed = "embedding_A" in factors
    first, second = ("embedding_A", "embedding_B") if transposed else ("A", "B")
    if set(factors) != {first, second}:
        reason = f"{module!r} has the factors {sorted(factors)}"
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=reason)
    a, b = factors[first], factors[second]
    if len(a.shape) != 2 or len(b.shape) != 2 or a.shape[0] != b.shape[1]:
        reason = f"the factors of {module!r} have shapes {a.shape} and {b.shape}"
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=reason)
    scale = _scale(folder, module, a.shape[0], config)
    return LowRank(a, b, scale, True) if transposed else LowRank(b, a, scale, False)


def _scale(folder: Path, module: str, rank: int, config: Mapping[str, JsonValue]) -> float:
    alpha = _pattern(module, config.get("alpha_pattern"), config.get("lora_alpha"))
    declared = _pattern(module, config.get("rank_pattern"), config.get("r"))
    if declared != rank:
        reason = f"{module!r} has rank {rank} where {CONFIG} says {declared}"
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=reason)
    if isinstance(alpha, bool) or not isinstance(alpha, int | float):
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=f"lora_alpha is {alpha!r}")
    if not abs(alpha) <= LARGEST_FACTOR:  # nor a number that is none
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=f"lora_alpha is {alpha!r}")
    if rank == 0:
        raise UNSUPPORTED_ADAPTER(folder=str(folder), reason=f"{module!r} has rank 0")
    return alpha / (sqrt(rank) if config.get("use_rslora") else rank)


def _pattern(module: str, patterns: JsonValue, default: JsonValue) -> JsonValue:
    """The value of the first name that the module's name ends with.

    PEFT takes these names for regular expressions; only plain names are understood here, so that a
    file cannot keep the machine busy, and others lead to a rank or scale that is refused.
    """
    for name, value in (patterns if isinstance(patterns, dict) else {}).items():
        if not _PLAIN.fullmatch(name):
            return None
        if module == name or module.endswith(f".{name}"):
            return value
    return default
