"""A model stacked from layers of others: a small file that says which tensor is which.

Recipes of slices move layers, and plans merge tensors of one name. So each column of such a recipe
becomes a folder with a configuration and `r2c_stack.json`; it is opened like a model, and its
weights are read where they lie. Its name comes from what is in it: the same stack is the same
folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from r2c.errors import InputError, declare
from r2c_training.merge.checkpoint.checkpoint import Checkpoint, open_checkpoint
from r2c_training.merge.checkpoint.header import Header, TensorEntry

UNLIKE_PARTS = declare(
    "R2C-T050", InputError,
    what="Layers of {first} and {other} cannot be stacked: {key} is {ours} and {theirs}.",
    why="One model runs all its layers with one configuration.",
    remedy="Stack layers of models that differ in their number of layers and in nothing else.",
)  # fmt: skip
STACK_NOT_ANALYSED = declare(
    "R2C-T051", InputError,
    what="Layers that change their place are read whole; a budget cannot be spent on them.",
    why="Packed deltas are kept tensor by tensor of a model against its base.",
    remedy="Leave out --budget and --max-error, or merge whole models.",
)  # fmt: skip
BAD_STACK = declare(
    "R2C-T052", InputError,
    what="The stack {folder!r} cannot be read: {reason}.",
    why="It names tensors of models that were moved, changed or deleted since.",
    remedy="Run the recipe again where the models lie now; it makes its stacks anew.",
)  # fmt: skip

STACK = "r2c_stack.json"
DEPTHS = ("num_hidden_layers", "n_layer", "num_layers", "n_layers")
"""The names by which configurations tell the number of layers."""
_SAME = (
    "model_type", "hidden_size", "intermediate_size", "num_attention_heads",
    "num_key_value_heads", "head_dim", "vocab_size", "tie_word_embeddings",
)  # fmt: skip
_LAYER = re.compile(r"(?:.*\.)?(?:layers?|h|blocks?)\.(\d+)\..+")


class Stack(BaseModel):
    """What a stack is made of.

    Args:
        parts: Folders of the models.
        tensors: Name in the stack -> (number of its model, name there).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[Path, ...]
    tensors: dict[str, tuple[int, str]]


def is_stack(folder: Path) -> bool:
    """Whether the folder holds a stack and no weights of its own."""
    return (folder / STACK).is_file()


def open_model(folder: Path) -> Checkpoint:
    """Read the headers of a model or of those that a stack is made of.

    Raises:
        InputError: R2C-T001 to R2C-T003, R2C-T052.
    """
    return _open_stack(folder) if is_stack(folder) else open_checkpoint(folder)


def require_unstacked(folders: Sequence[Path]) -> None:
    """Refuse stacks where deltas are wanted.

    Raises:
        InputError: R2C-T051.
    """
    if any(is_stack(folder) for folder in folders):
        raise STACK_NOT_ANALYSED()


def stack_config(stack: Stack) -> dict[str, JsonValue]:
    """The configuration of the first model, with as many layers as the stack has.

    Lists with an entry a layer follow the layers.

    Raises:
        InputError: R2C-T050.
    """
    configs = [open_checkpoint(part).config for part in stack.parts]
    for other, config in zip(stack.parts, configs, strict=True):
        for key in _SAME:
            if config.get(key) != configs[0].get(key):
                raise UNLIKE_PARTS(
                    first=stack.parts[0].name, other=other.name, key=key,
                    ours=configs[0].get(key), theirs=config.get(key),
                )  # fmt: skip
    layers = _layers(stack)
    config = dict(configs[0])
    depths = {key: config[key] for key in DEPTHS if key in config}
    for key, value in configs[0].items():
        if key in depths:
            config[key] = len(layers)
        elif isinstance(value, list) and len(value) in depths.values():
            config[key] = [_entry(configs[part], key, at) for part, at in layers]
    return config


def _layers(stack: Stack) -> list[tuple[int, int]]:
    """For each layer of the stack its model and its number there."""
    found = {}
    for name, (part, given) in stack.tensors.items():
        ours, theirs = _LAYER.fullmatch(name), _LAYER.fullmatch(given)
        if ours and theirs:
            found[int(ours[1])] = part, int(theirs[1])
    return [found[at] for at in sorted(found)]


def _entry(config: Mapping[str, JsonValue], key: str, layer: int) -> JsonValue:
    values = config.get(key)
    return values[layer] if isinstance(values, list) and layer < len(values) else None


def _open_stack(folder: Path) -> Checkpoint:
    try:
        stack = Stack.model_validate_json((folder / STACK).read_bytes())
        config: dict[str, JsonValue] = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError, ValidationError) as error:
        raise BAD_STACK(folder=str(folder), reason=str(error).splitlines()[0]) from error
    models = [open_checkpoint(part) for part in stack.parts]
    shards: list[Header] = []
    places: dict[tuple[int, int], int] = {}
    tensors: dict[str, tuple[int, TensorEntry]] = {}
    for name, (part, given) in stack.tensors.items():
        if given not in models[part].tensors:
            reason = f"{models[part].folder.name} has no {given!r}"
            raise BAD_STACK(folder=str(folder), reason=reason)
        shard, entry = models[part].tensors[given]
        if (part, shard) not in places:
            places[part, shard] = len(shards)
            shards.append(models[part].shards[shard])
        tensors[name] = places[part, shard], replace(entry, name=name)
    return Checkpoint(
        folder.resolve(), tuple(shards), tensors, config,
        stacked=tuple((name, part, given) for name, (part, given) in stack.tensors.items()),
        beside=models[0].folder,
    )  # fmt: skip
