"""Families of checkpoints to merge: Llama-shaped, random, with the deltas that training leaves.

Delta scales are log-normal over tensors (sigma 1, mean 2e-3), as fine-tuning leaves them. Some
experts have frozen embeddings and norms, some are low-rank in the upper half only, some changed few
numbers (as reinforcement learning does), some have heavy tails. Bytes and times transfer to real
models, errors illustrate.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ml_dtypes
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

Structure = Literal["full", "frozen", "low-rank", "sparse", "heavy", "adapter"]
STRUCTURES: tuple[Structure, ...] = ("full", "frozen", "full", "low-rank")
"""What the experts of a family are in turn, unless told otherwise."""

_DTYPES = {"BF16": ml_dtypes.bfloat16, "F16": np.float16, "F32": np.float32}
_CONFIG_DTYPE = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}


@dataclass(frozen=True)
class Shape:
    """The sizes of a model."""

    hidden: int
    layers: int
    feed_forward: int
    vocabulary: int
    heads: int = 8
    shards: int = 3
    tied: bool = False
    form: Literal["BF16", "F16", "F32"] = "BF16"


TINY = Shape(hidden=64, layers=2, feed_forward=176, vocabulary=512, heads=4, shards=2)
SMALL = Shape(hidden=512, layers=8, feed_forward=1408, vocabulary=8192)
LARGE = Shape(hidden=1280, layers=20, feed_forward=3456, vocabulary=32768, heads=10, shards=4)


@dataclass(frozen=True)
class Family:
    """What a base and its experts are.

    Args:
        shape: The sizes of the base.
        structures: What the experts are in turn; adapters only with adapters.
    """

    shape: Shape
    structures: tuple[Structure, ...] = STRUCTURES

    @property
    def adapters(self) -> bool:
        """Whether the experts are adapters on the base."""
        return "adapter" in self.structures

    def structure(self, number: int) -> Structure:
        """What the expert of that number is."""
        return self.structures[number % len(self.structures)]


FAMILIES = {
    "small": Family(SMALL),
    "large": Family(LARGE),
    "adapters": Family(SMALL, ("adapter",)),
}


def tensor_shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Name -> shape of every tensor, in the order of the layers."""
    h, f = shape.hidden, shape.feed_forward
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (shape.vocabulary, h)}
    for layer in range(shape.layers):
        at = f"model.layers.{layer}"
        for name in "qkvo":
            shapes[f"{at}.self_attn.{name}_proj.weight"] = (h, h)
        shapes |= {
            f"{at}.mlp.gate_proj.weight": (f, h),
            f"{at}.mlp.up_proj.weight": (f, h),
            f"{at}.mlp.down_proj.weight": (h, f),
            f"{at}.input_layernorm.weight": (h,),
            f"{at}.post_attention_layernorm.weight": (h,),
        }
    shapes["model.norm.weight"] = (h,)
    if not shape.tied:
        shapes["lm_head.weight"] = (shape.vocabulary, h)
    return shapes


def write_base(folder: Path, shape: Shape, seed: int) -> None:
    """Write a random base model."""
    random = np.random.default_rng([seed, 0])
    stored = {}
    for name, size in tensor_shapes(shape).items():
        stored[name] = _base_values(random, name, size).astype(_DTYPES[shape.form])
    _write_model(folder, shape, stored)


def write_expert(
    folder: Path, shape: Shape, seed: int, number: int, structure: Structure, rank: int = 8
) -> None:
    """Write the expert of that number of the family with that seed, as a model or an adapter."""
    source, random = np.random.default_rng([seed, 0]), np.random.default_rng([seed, number + 1])
    stored: dict[str, NDArray[np.generic]] = {}
    factors: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
    for position, (name, size) in enumerate(tensor_shapes(shape).items()):
        base = _rounded(_base_values(source, name, size), shape)
        scale = float(random.lognormal(np.log(2e-3) - 0.5, 1.0))
        if structure in ("low-rank", "adapter"):
            upper = position >= len(tensor_shapes(shape)) // 2
            if len(size) == 2 and "layers" in name and (upper or structure == "adapter"):
                a = random.normal(size=(rank, size[1])).astype(np.float32) / np.float32(rank**0.5)
                b = random.normal(size=(size[0], rank)).astype(np.float32) * np.float32(scale)
                factors[name] = a, b
                base = base + b @ a
        elif structure == "sparse":
            drawn = random.random(size) < 0.1
            base = base + np.where(drawn, random.normal(size=size) * scale, 0).astype(np.float32)
        elif structure == "heavy":
            base = base + (random.standard_t(4, size=size) * scale / 2**0.5).astype(np.float32)
        elif structure == "full" or not ("embed" in name or "norm" in name or "head" in name):
            base = base + np.float32(scale) * random.standard_normal(size, np.float32)
        stored[name] = base.astype(_DTYPES[shape.form])
    if structure == "adapter":
        _write_adapter(folder, shape, factors, rank)
    else:
        _write_model(folder, shape, stored)


def write_family(
    folder: Path,
    shape: Shape,
    experts: int,
    seed: int = 1,
    structures: tuple[Structure, ...] = STRUCTURES,
) -> tuple[Path, list[Path]]:
    """Write a base and its experts below `folder`; returns their folders."""
    base = folder / "base"
    write_base(base, shape, seed)
    paths = []
    for number in range(experts):
        paths.append(folder / f"expert{number}")
        write_expert(paths[-1], shape, seed, number, structures[number % len(structures)])
    return base, paths


def _base_values(
    random: np.random.Generator, name: str, size: tuple[int, ...]
) -> NDArray[np.float32]:
    if len(size) == 1:
        return 1 + 0.05 * random.standard_normal(size, np.float32)
    return np.float32(0.5 * size[1] ** -0.5) * random.standard_normal(size, np.float32)


def _rounded(values: NDArray[np.float32], shape: Shape) -> NDArray[np.float32]:
    return values.astype(_DTYPES[shape.form]).astype(np.float32)


def _write_model(folder: Path, shape: Shape, stored: dict[str, NDArray[np.generic]]) -> None:
    folder.mkdir(parents=True)
    names = list(stored)
    cut = -(-len(names) // shape.shards)
    weight_map: dict[str, str] = {}
    for shard in range(shape.shards):
        file = f"model-{shard + 1:05}-of-{shape.shards:05}.safetensors"
        mine = names[shard * cut : (shard + 1) * cut]
        save_file({name: stored[name] for name in mine}, folder / file, {"format": "pt"})
        weight_map |= dict.fromkeys(mine, file)
    total = sum(value.nbytes for value in stored.values())
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": shape.tied,
        "torch_dtype": _CONFIG_DTYPE[shape.form],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    generation = {"bos_token_id": 1, "eos_token_id": 2}
    (folder / "generation_config.json").write_text(json.dumps(generation), encoding="utf-8")


def _write_adapter(
    folder: Path,
    shape: Shape,
    factors: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]],
    rank: int,
) -> None:
    folder.mkdir(parents=True)
    stored = {}
    for name, (a, b) in factors.items():
        module = f"base_model.model.{name.removesuffix('.weight')}"
        # alpha is twice the rank, so what is stored is half of what is added.
        stored[f"{module}.lora_A.weight"] = a.astype(_DTYPES[shape.form])
        stored[f"{module}.lora_B.weight"] = (b / 2).astype(_DTYPES[shape.form])
    save_file(stored, folder / "adapter_model.safetensors", {"format": "pt"})
    # PEFT adapts what is named here and passes over other factors, all but those of q and v.
    modules = sorted({name.split(".")[-2] for name in factors})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": rank,
        "lora_alpha": 2 * rank,
        "target_modules": modules,
        "bias": "none",
    }
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
