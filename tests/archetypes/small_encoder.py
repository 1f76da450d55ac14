"""A BERT encoder with made-up weights, small enough to be computed by hand beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

from r2c.archetypes.encoder import Encoder

WIDTH, INNER, LAYERS, HEADS = 24, 32, 2, 12
WORDS = "[PAD] [UNK] a at capacity day each least limit most no of plant tonnes truck".split()


def write_small_encoder(folder: Path, seed: int = 1) -> tuple[Path, Path]:
    """Write weights and a tokenizer; the paths of both."""
    tensors = small_tensors(seed)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    raw = b""
    for name, tensor in tensors.items():
        bytes_ = tensor.astype("<f4").tobytes()
        place = [len(raw), len(raw) + len(bytes_)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": place}
        raw += bytes_
    told = json.dumps(header).encode()
    weights = folder / "small.safetensors"
    weights.write_bytes(len(told).to_bytes(8, "little") + told + raw)
    tokenizer = folder / "small.json"
    tokenizer.write_text(_tokenizer(), encoding="utf-8")
    return weights, tokenizer


def small_encoder(folder: Path, seed: int = 1) -> Encoder:
    return Encoder(*write_small_encoder(folder, seed))


def small_tensors(seed: int = 1) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)

    def made(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.4, shape).astype(np.float32)

    tensors = {
        "embeddings.word_embeddings.weight": made(len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": made(300, WIDTH),
        "embeddings.token_type_embeddings.weight": made(2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    dense: list[tuple[str, int, int]] = []
    for k in range(LAYERS):
        layer = f"encoder.layer.{k}"
        parts = ("attention.self.query", "attention.self.key", "attention.self.value")
        dense += [(f"{layer}.{part}", WIDTH, WIDTH) for part in parts]
        dense.append((f"{layer}.attention.output.dense", WIDTH, WIDTH))
        dense.append((f"{layer}.intermediate.dense", INNER, WIDTH))
        dense.append((f"{layer}.output.dense", WIDTH, INNER))
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for name, rows, columns in dense:
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = made(rows, columns), made(rows)
    for name in norms:
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = 1 + made(WIDTH), made(WIDTH)
    return tensors


def by_hand(tokens: list[int], tensors: dict[str, np.ndarray]) -> list[float]:
    """The vector of one text, token by token and head by head, with the exact error function."""
    table = {name: tensor.astype(float) for name, tensor in tensors.items()}

    def dense(name: str, x: np.ndarray) -> np.ndarray:
        return table[f"{name}.weight"] @ x + table[f"{name}.bias"]

    def normed(name: str, x: np.ndarray) -> np.ndarray:
        x = x - x.mean()
        scaled = x / math.sqrt((x**2).mean() + 1e-12)
        return scaled * table[f"{name}.weight"] + table[f"{name}.bias"]

    def gelu(x: np.ndarray) -> np.ndarray:
        return np.array([v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])

    states = [
        normed(
            "embeddings.LayerNorm",
            table["embeddings.word_embeddings.weight"][token]
            + table["embeddings.position_embeddings.weight"][place]
            + table["embeddings.token_type_embeddings.weight"][0],
        )
        for place, token in enumerate(tokens)
    ]
    size = WIDTH // HEADS
    for k in range(LAYERS):
        layer = f"encoder.layer.{k}"
        query, key, value = (
            [dense(f"{layer}.attention.self.{part}", x) for x in states]
            for part in ("query", "key", "value")
        )
        seen = []
        for place in range(len(states)):
            parts = []
            for head in range(HEADS):
                cut = slice(head * size, (head + 1) * size)
                scores = [query[place][cut] @ other[cut] / math.sqrt(size) for other in key]
                weights = [math.exp(score - max(scores)) for score in scores]
                total = sum(weights)
                mixed = sum(w / total * v[cut] for w, v in zip(weights, value, strict=True))
                parts.append(mixed)
            seen.append(dense(f"{layer}.attention.output.dense", np.concatenate(parts)))
        states = [
            normed(f"{layer}.attention.output.LayerNorm", x + y)
            for x, y in zip(states, seen, strict=True)
        ]
        states = [
            normed(
                f"{layer}.output.LayerNorm",
                x + dense(f"{layer}.output.dense", gelu(dense(f"{layer}.intermediate.dense", x))),
            )
            for x in states
        ]
    mean = np.mean(states, axis=0)
    return list(mean / np.linalg.norm(mean))


def _tokenizer() -> str:
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    vocabulary = {word: place for place, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    return str(tokenizer.to_str())
