"""Sentences as vectors: MiniLM-L6 in plain NumPy, from weights on disk, without a network.

A BERT encoder (Devlin et al. 2019, arXiv:1810.04805, sec. 3) of six layers, distilled (Wang et al.
2020, arXiv:2002.10957) and tuned so that the mean of its last layer tells sentences apart (Reimers
and Gurevych 2019, arXiv:1908.10084, sec. 3). About 12 ms a sentence on one core.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from r2c.errors import StoreError, declare

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NOT_WEIGHTS = declare(
    "R2C-A030",
    StoreError,
    what="The encoder's weights {file!r} cannot be read: {reason}.",
    why="Cards are found by the vectors that these weights make.",
    remedy="Delete the file; it is fetched again when it is needed.",
)

Array = NDArray[np.float32]

LENGTH = 256
"""Tokens of a text that are read; the weights were tuned on no more."""
_HEADS = 12
_EPSILON = 1e-12
_LAYER = "encoder.layer."


class Encoder:
    """Turns texts into unit vectors; near in meaning is near in angle.

    Args:
        weights: A `.safetensors` file of a BERT encoder.
        tokenizer: Its `tokenizer.json`.

    Raises:
        StoreError: R2C-A030 if one of them is no such file.

    Attributes:
        id: Another for other weights.
    """

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        self._tensors = read_tensors(weights)
        self.id = _fingerprint(self._tensors)
        self._tokenizer = _read_tokenizer(tokenizer)
        self._layers = len({name.split(".")[2] for name in self._tensors if _LAYER in name})
        if not self._layers or "embeddings.LayerNorm.weight" not in self._tensors:
            raise NOT_WEIGHTS(file=str(weights), reason="it is no BERT encoder")

    @property
    def width(self) -> int:
        """Length of a vector."""
        return int(self._tensors["embeddings.LayerNorm.weight"].shape[0])

    def encode(self, texts: Sequence[str]) -> Array:
        """The vectors of texts, one a row, each of length 1.

        Each is computed alone: among others a text would be padded, which rounds otherwise, and on
        a processor it would take longer.

        Args:
            texts: Texts; of each the first 256 tokens count.

        Returns:
            Shape (texts, width).
        """
        found = np.zeros((len(texts), self.width), dtype=np.float32)
        for place, text in enumerate(texts):
            found[place] = self._vector(text)
        return found

    def _vector(self, text: str) -> Array:
        # Bytes of the command line that are no UTF-8 come as halves of characters.
        read = self._tokenizer.encode(text.encode("utf-8", "replace").decode())
        state = self._embedded(np.array(read.ids))
        for layer in range(self._layers):
            state = self._layer(f"{_LAYER}{layer}", state)
        mean: Array = state.mean(axis=0)
        vector: Array = mean / np.linalg.norm(mean)
        return vector

    def _embedded(self, tokens: NDArray[np.int64]) -> Array:
        table = self._tensors
        words = table["embeddings.word_embeddings.weight"][tokens]
        places = table["embeddings.position_embeddings.weight"][: len(tokens)]
        kinds = table["embeddings.token_type_embeddings.weight"][0]
        return self._normed("embeddings.LayerNorm", words + places + kinds)

    def _layer(self, name: str, state: Array) -> Array:
        seen = self._dense(f"{name}.attention.output.dense", self._attention(name, state))
        state = self._normed(f"{name}.attention.output.LayerNorm", state + seen)
        inner = _gelu(self._dense(f"{name}.intermediate.dense", state))
        return self._normed(
            f"{name}.output.LayerNorm", state + self._dense(f"{name}.output.dense", inner)
        )

    def _attention(self, name: str, state: Array) -> Array:
        length, width = state.shape

        def heads(part: str) -> Array:
            made = self._dense(f"{name}.attention.self.{part}", state)
            return made.reshape(length, _HEADS, width // _HEADS).transpose(1, 0, 2)

        scores = heads("query") @ heads("key").transpose(0, 2, 1)
        scores = scores * np.float32((width // _HEADS) ** -0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights: Array = scores / scores.sum(axis=-1, keepdims=True)
        return (weights @ heads("value")).transpose(1, 0, 2).reshape(length, width)

    def _dense(self, name: str, state: Array) -> Array:
        return state @ self._tensors[f"{name}.weight"].T + self._tensors[f"{name}.bias"]

    def _normed(self, name: str, state: Array) -> Array:
        centred: Array = state - state.mean(axis=-1, keepdims=True)
        spread: Array = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
        return centred / spread * self._tensors[f"{name}.weight"] + self._tensors[f"{name}.bias"]


def _gelu(x: Array) -> Array:
    """`x` times the normal distribution function of x (Hendrycks and Gimpel 2016)."""
    return np.float32(0.5) * x * (1 + _erf(x * np.float32(2**-0.5)))


def _erf(x: Array) -> Array:
    """The error function to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26)."""
    t: Array = np.reciprocal(np.float32(1) + np.float32(0.3275911) * np.abs(x))
    series: Array = np.zeros_like(x)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    found: Array = np.sign(x) * (1 - series * np.exp(-x * x))
    return found


def read_tensors(path: Path) -> Mapping[str, Array]:
    """The float32 tensors of a `.safetensors` file, mapped and not copied.

    The file is a length (8 bytes, little-endian), a JSON header that names each tensor's type,
    shape and place, and the bytes. Nothing in it is ever run.

    Raises:
        StoreError: R2C-A030.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return dict(_tensors(memoryview(mapped)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NOT_WEIGHTS(file=str(path), reason=str(error).rstrip(".")) from error


def _tensors(raw: memoryview) -> Iterator[tuple[str, Array]]:
    size = int.from_bytes(raw[:8], "little")
    if size > len(raw) - 8:
        raise ValueError("its header is longer than the file")
    start = 8 + size
    for name, told in json.loads(bytes(raw[8:start])).items():
        if name == "__metadata__" or told["dtype"] != "F32":
            continue
        first, last = told["data_offsets"]
        yield name, np.frombuffer(raw[start + first : start + last], "<f4").reshape(told["shape"])


def _fingerprint(tensors: Mapping[str, Array]) -> str:
    """Tells encoders apart without reading all of them."""
    told = hashlib.sha256()
    for name in sorted(tensors):
        told.update(f"{name}{tensors[name].shape}".encode())
        told.update(tensors[name].reshape(-1)[:64].tobytes())
    return told.hexdigest()[:16]


def _read_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises bare exceptions
        raise NOT_WEIGHTS(file=str(path), reason=str(error).rstrip(".")) from error
    tokenizer.enable_truncation(LENGTH)
    tokenizer.no_padding()
    return tokenizer
