"""A model folder as model hubs lay it out: config.json and shards of safetensors.

Opened by headers alone. Pickled weights are refused: they run code when they are loaded.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.header import Header, TensorEntry, read_header
from r2c_training.merge.surrogates import is_text

NO_CHECKPOINT = declare(
    "R2C-T002", InputError,
    what="{folder!r} holds no model that can be merged: {reason}.",
    why="A folder with config.json and *.safetensors is expected, as model hubs hand them out.",
    remedy="Give the folder of a model. One on a hub is fetched first: "
    "`hf download ORGANIZATION/MODEL --local-dir FOLDER`.",
)  # fmt: skip
PICKLED = declare(
    "R2C-T003", InputError,
    what="The weights in {folder!r} are pickled: {names}.",
    why="A pickle runs what is in it when it is loaded, and its blocks cannot be read one by one.",
    remedy="Convert the model to safetensors first.",
)  # fmt: skip

INDEX = "model.safetensors.index.json"
OUTPUT = "lm_head.weight"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


@dataclass(frozen=True)
class Checkpoint:
    """The headers and the configuration of one model.

    Args:
        folder: Where it lies.
        shards: Its files.
        tensors: Name -> (shard, entry), in the order of the files.
        config: Its configuration.
        stacked: For a stack, what each tensor is: name, number of the model, name there.
        beside: Where tokenizer and the like lie, if not in its folder.
    """

    folder: Path
    shards: tuple[Header, ...]
    tensors: Mapping[str, tuple[int, TensorEntry]]
    config: Mapping[str, JsonValue]
    stacked: tuple[tuple[str, int, str], ...] = ()
    beside: Path | None = None

    @property
    def tied(self) -> bool:
        """Whether the output matrix is the embedding (it is then not stored, or not used)."""
        return _ties(self.config)

    @property
    def weight_bytes(self) -> int:
        """Bytes of all weights."""
        return sum(entry.end - entry.begin for _, entry in self.tensors.values())


def open_checkpoint(folder: Path) -> Checkpoint:
    """Read the headers of a model folder.

    Raises:
        InputError: R2C-T001 to R2C-T003.
    """
    if not folder.is_dir():
        raise NO_CHECKPOINT(folder=str(folder), reason="there is no such folder")
    if not is_text(str(folder.resolve())):
        raise NO_CHECKPOINT(folder=repr(folder), reason="its path is no UTF-8")
    config = read_object(folder / "config.json")
    if config is None:
        raise NO_CHECKPOINT(folder=str(folder), reason="config.json is missing or no JSON object")
    index = weight_map(folder)
    paths = shard_paths(folder, index)
    if not paths:
        pickles = sorted(path.name for form in _PICKLES for path in folder.glob(form))
        if pickles:
            raise PICKLED(folder=str(folder), names=pickles[:5])
        raise NO_CHECKPOINT(folder=str(folder), reason="it has no *.safetensors")
    shards = tuple(read_header(path) for path in paths)
    tensors: dict[str, tuple[int, TensorEntry]] = {}
    for number, shard in enumerate(shards):
        for entry in shard.tensors:
            if entry.name in tensors:
                reason = f"{entry.name!r} stands in two of its files"
                raise NO_CHECKPOINT(folder=str(folder), reason=reason)
            tensors[entry.name] = (number, entry)
    require_indexed(folder, index, tensors)
    return Checkpoint(folder.resolve(), shards, tensors, config)


def read_object(path: Path) -> dict[str, JsonValue] | None:
    """The JSON object of a file; None if there is none."""
    try:
        value = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def weight_map(folder: Path) -> dict[str, JsonValue] | None:
    """Tensor -> file, as the index of a folder says; None if it has no index.

    Raises:
        InputError: R2C-T002.
    """
    index = folder / INDEX
    if not index.exists():
        return None
    where = (read_object(index) or {}).get("weight_map")
    if not isinstance(where, dict):
        raise NO_CHECKPOINT(folder=str(folder), reason=f"{INDEX} has no weight_map")
    return where


def shard_paths(folder: Path, index: Mapping[str, JsonValue] | None) -> list[Path]:
    """The files with its weights: those that its index names, all of them if it has no index.

    Raises:
        InputError: R2C-T002.
    """
    if index is None:
        return sorted(folder.glob("*.safetensors"))
    names = sorted({str(name) for name in index.values()})
    for name in names:
        if Path(name).name != name or not (folder / name).is_file():
            reason = f"{INDEX} names {name!r}, which is not there"
            raise NO_CHECKPOINT(folder=str(folder), reason=reason)
    return [folder / name for name in names]


def require_indexed(
    folder: Path, index: Mapping[str, JsonValue] | None, held: Container[str]
) -> None:
    """See that the files of a folder hold every tensor that its index promises.

    Raises:
        InputError: R2C-T002.
    """
    lacking = [name for name in index or () if name not in held]
    # An output matrix that is tied need not be stored, though some indexes name it.
    if lacking == [OUTPUT] and _ties(read_object(folder / "config.json") or {}):
        return
    if lacking:
        reason = f"{INDEX} names the tensor {lacking[0]!r}, which none of its files holds"
        raise NO_CHECKPOINT(folder=str(folder), reason=reason)


def _ties(config: Mapping[str, JsonValue]) -> bool:
    return config.get("tie_word_embeddings") is True
