"""A small family of checkpoints in the shape of Llama: a base, and experts tuned from it.

Sizes are toys; what is kept is what decides arithmetic. In bfloat16 updates are a hundred times
smaller than the weights, so that many are equal; some are zero, one expert has half of its elements
unchanged. In float32 weights are as small as their updates, so that hardly two are equal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import ml_dtypes  # noqa: F401 - makes bfloat16 a dtype of NumPy
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

BASE, EXPERTS = "base", ("math", "code", "words")
HIDDEN, WIDE, LAYERS, WORDS = 64, 160, 4, 256
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": HIDDEN,
    "intermediate_size": WIDE,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "vocab_size": WORDS,
    "max_position_embeddings": 128,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": False,
}
Dtype = Literal["bfloat16", "float32"]
Array = NDArray[np.float32]
Wide = NDArray[np.float64]
Weights = dict[str, Array]


def shapes() -> dict[str, tuple[int, ...]]:
    """The tensors of a checkpoint."""
    found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (WORDS, HIDDEN)}
    for layer in range(LAYERS):
        inside = f"model.layers.{layer}."
        for part in "qkvo":
            found[f"{inside}self_attn.{part}_proj.weight"] = (HIDDEN, HIDDEN)
        found[f"{inside}mlp.gate_proj.weight"] = (WIDE, HIDDEN)
        found[f"{inside}mlp.up_proj.weight"] = (WIDE, HIDDEN)
        found[f"{inside}mlp.down_proj.weight"] = (HIDDEN, WIDE)
        found[f"{inside}input_layernorm.weight"] = (HIDDEN,)
        found[f"{inside}post_attention_layernorm.weight"] = (HIDDEN,)
    return found | {"model.norm.weight": (HIDDEN,), "lm_head.weight": (WORDS, HIDDEN)}


def make_family(folder: Path, seed: int, dtype: Dtype) -> None:
    """Write the base and the experts below a folder."""
    rng = np.random.default_rng(seed)
    size, middle = (0.02, 1.0) if dtype == "bfloat16" else (0.0005, 0.0)
    base = {
        name: rng.standard_normal(shape) * size + (middle if len(shape) == 1 else 0.0)
        for name, shape in shapes().items()
    }
    _save(folder / BASE, base, dtype)
    for number, expert in enumerate(EXPERTS):
        tuned = {}
        for name, weights in base.items():
            update = rng.standard_normal(weights.shape) * 10 ** rng.uniform(-4, -3)
            if number == 1 and "layernorm" in name:
                update *= 0
            if number == 2:
                update *= rng.random(weights.shape) < 0.5
            tuned[name] = weights + update
        _save(folder / expert, tuned, dtype)


def _save(folder: Path, weights: dict[str, Wide], dtype: Dtype) -> None:
    folder.mkdir(parents=True)
    config = CONFIG | {"torch_dtype": dtype}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    rounded = {name: each.astype(np.dtype(dtype)) for name, each in weights.items()}
    save_file(rounded, folder / "model.safetensors", metadata={"format": "pt"})
