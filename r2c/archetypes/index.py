"""Cards by meaning: their texts as vectors in a Chroma collection on disk, made once and checked.

A collection belongs to one state of the cards and one encoder; another state is another collection.
A pointer to it is written when it is complete, and its first text must find itself whenever it is
opened. Whatever fails there is made anew: it holds nothing that the cards do not say.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from r2c.archetypes.documents import Document
from r2c.archetypes.encoder import Array, Encoder
from r2c.errors import StoreError, declare

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

INDEX_BUSY = declare(
    "R2C-A031",
    StoreError,
    what="Another process has been making the index of cards in {folder!r} for {seconds:.0f} s.",
    why="It is made once, by one process at a time.",
    remedy="Wait for it, or end it; the lock goes with it.",
)
INDEX_FAILED = declare(
    "R2C-A032",
    StoreError,
    what="The index of cards in {folder!r} cannot be made: {reason}.",
    why="It is kept on disk, and was made anew without success.",
    remedy="Look at the folder's disk and permissions, or set R2C_CACHE_DIR to another.",
)

_LAYOUT = "1"
"""Changes when the files below change their meaning."""
_NAME = "cards"
_ROUNDING = 1e-3
_WAIT = 600.0
_KEPT = 3
"""Collections of other cards or encoders that stay, the youngest."""
_STEP = 64

Progress = Callable[[int, int], None]
"""Told how many texts of how many are read."""


@dataclass(frozen=True)
class Hit:
    """A text near a sentence, its place among the texts, and the cosine of the angle between."""

    document: Document
    place: int
    likeness: float


class CardIndex:
    """The texts of cards, found by nearness in meaning.

    Args:
        folder: Where collections are kept; made if missing.
        texts: What is searched, in a fixed order.
        encoder: Makes the vectors.
        progress: Told while the texts are read, if they have to be.

    Raises:
        StoreError: R2C-A031, R2C-A032.
    """

    def __init__(
        self,
        folder: Path,
        texts: Sequence[Document],
        encoder: Encoder,
        progress: Progress = lambda done, of: None,
    ) -> None:
        self._texts = tuple(texts)
        self._encoder = encoder
        self._progress = progress
        self.key = _key(self._texts, encoder)
        self._pointer = folder / f"{self.key}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / f"{self.key}.lock", timeout=_WAIT):
                self._collection = self._kept() or self._made(folder)
        except Timeout:
            raise INDEX_BUSY(folder=str(folder), seconds=_WAIT) from None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # whatever the store throws, panics below Python too
            reason = str(error).rstrip(".") or type(error).__name__
            raise INDEX_FAILED(folder=str(folder), reason=reason) from error

    def direction(self, sentence: str) -> Array:
        """The vector of a sentence."""
        vector: Array = self._encoder.encode([sentence])[0]
        return vector

    def nearest(self, vector: Array, most: int) -> list[Hit]:
        """The texts nearest to a vector, the nearest first."""
        return self._query(vector, self._collection, most)

    def vectors(self) -> Array:
        """The vectors of all texts in their order, shape (texts, width)."""
        kept = self._collection.get(include=["embeddings"])
        assert kept["embeddings"] is not None
        order = np.argsort([int(id) for id in kept["ids"]])
        return np.asarray(kept["embeddings"], np.float32)[order]

    def _query(self, vector: Array, collection: Collection, most: int) -> list[Hit]:
        found = collection.query(
            query_embeddings=[vector.tolist()],
            n_results=min(most, len(self._texts)),
            include=["distances"],
        )
        assert found["distances"] is not None
        return [
            Hit(self._texts[int(id)], int(id), 1 - distance)
            for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def _kept(self) -> Collection | None:
        """The collection on disk if it is whole and answers as it should."""
        try:
            told = json.loads(self._pointer.read_text(encoding="utf-8"))
            place = self._pointer.parent / told["folder"]
            if not place.is_dir():
                return None
            collection = _client(place).get_collection(_NAME, embedding_function=None)
            return collection if self._answers(collection) else None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a damaged store may panic below Python, which is no Exception
            return None

    def _answers(self, collection: Collection) -> bool:
        if collection.count() != len(self._texts):
            return False
        vector = self._encoder.encode([self._texts[0].text])[0]
        hits = self._query(vector, collection, 1)
        return abs(hits[0].likeness - 1) < _ROUNDING

    def _made(self, folder: Path) -> Collection:
        place = Path(tempfile.mkdtemp(prefix=f"{self.key}-", dir=folder))
        try:
            collection = _client(place).create_collection(
                _NAME, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
            for start in range(0, len(self._texts), _STEP):
                part = self._texts[start : start + _STEP]
                vectors = self._encoder.encode([item.text for item in part])
                ids = [str(start + k) for k in range(len(part))]
                collection.add(ids=ids, embeddings=[vector.tolist() for vector in vectors])
                self._progress(start + len(part), len(self._texts))
            if not self._answers(collection):
                raise OSError("it does not find its own texts")
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        draft = self._pointer.with_suffix(".new")
        draft.write_text(json.dumps({"folder": place.name}), encoding="utf-8")
        draft.replace(self._pointer)
        self._tidy(folder, place)
        return collection

    def _tidy(self, folder: Path, place: Path) -> None:
        """Remove what killed processes left, and all but the latest collections of other cards."""
        for old in folder.glob(f"{self.key}-*"):
            if old != place:
                shutil.rmtree(old, ignore_errors=True)
        others = [file for file in folder.glob("*.json") if file != self._pointer]
        for pointer in sorted(others, key=lambda file: -file.stat().st_mtime)[_KEPT:]:
            for old in folder.glob(f"{pointer.stem}-*"):
                shutil.rmtree(old, ignore_errors=True)
            pointer.unlink(missing_ok=True)
            pointer.with_suffix(".lock").unlink(missing_ok=True)


def _client(place: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(place), Settings(anonymized_telemetry=False))


def _key(texts: Sequence[Document], encoder: Encoder) -> str:
    told = [_LAYOUT, encoder.id, *map(astuple, texts)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
