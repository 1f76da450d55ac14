"""Cards by meaning: vectors of their texts, kept in a file of our own and queried in Chroma.

A file belongs to one state of the cards and one encoder, begins with a hash of its content, and is
replaced as a whole; what differs by a byte is made anew. Chroma holds the vectors in memory: given
damaged files of its own, it would end the process with a fault that no `except` can catch.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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

_LAYOUT = "2"
"""Changes when the files below change their meaning."""
_ENDING = ".vectors"
_DRAFT = ".new"
_DIGEST = hashlib.sha256().digest_size
_ROUNDING = 1e-3
_WAIT = 600.0
_KEPT = 3
"""Files of other cards or encoders that stay, the youngest."""
_STEP = 64

_LOG = logging.getLogger(__name__)
_FILLING = threading.Lock()
"""Chroma's memory is one for the process; what it holds is filled by one thread at a time."""

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
        folder: Where vectors are kept; made if missing. It may be read-only if they are there.
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
        self._folder = folder
        self._file = folder / f"{self.key}{_ENDING}"
        with self._failures_told():
            folder.mkdir(parents=True, exist_ok=True)
            vectors = self._kept()
            self._vectors = self._made_once() if vectors is None else vectors
            self._collection = self._filled()

    def direction(self, sentence: str) -> Array:
        """The vector of a sentence."""
        vector: Array = self._encoder.encode([sentence])[0]
        return vector

    def nearest(self, vector: Array, most: int) -> list[Hit]:
        """The texts nearest to a vector, the nearest first.

        Raises:
            StoreError: R2C-A032 if Chroma fails, and once more with a new collection.
        """
        try:
            return self._query(vector, most)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # it may panic below Python, which is no Exception
            _LOG.warning("Chroma failed, and is given the cards anew: %s", error)
        with self._failures_told():
            self._collection = self._filled(afresh=True)
            return self._query(vector, most)

    def vectors(self) -> Array:
        """The vectors of all texts in their order, shape (texts, width); not to be written to."""
        return self._vectors

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise INDEX_BUSY(folder=str(self._folder), seconds=_WAIT) from None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # whatever the store throws, panics below Python too
            reason = str(error).rstrip(".") or type(error).__name__
            raise INDEX_FAILED(folder=str(self._folder), reason=reason) from error

    def _query(self, vector: Array, most: int) -> list[Hit]:
        found = self._collection.query(
            query_embeddings=[vector.tolist()],
            n_results=min(most, len(self._texts)),
            include=["distances"],
        )
        assert found["distances"] is not None
        return [
            Hit(self._texts[int(id)], int(id), 1 - distance)
            for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def _kept(self) -> Array | None:
        """The vectors on disk if they are whole and the encoder still makes such."""
        try:
            raw = self._file.read_bytes()
        except OSError:
            return None
        digest, content = raw[:_DIGEST], raw[_DIGEST:]
        if digest != self._digest(content):
            return None
        vectors = np.frombuffer(content, "<f4").reshape(len(self._texts), -1)
        first = self.direction(self._texts[0].text)
        same = first.shape == vectors[0].shape and np.allclose(first, vectors[0], atol=_ROUNDING)
        return vectors if same else None

    def _digest(self, content: bytes) -> bytes:
        return hashlib.sha256(self.key.encode() + content).digest()

    def _made_once(self) -> Array:
        """The vectors, made unless another process has made them meanwhile."""
        # One lock for the folder: nothing in it is being written when old files are removed.
        with FileLock(self._folder / "making.lock", timeout=_WAIT):
            vectors = self._kept()
            if vectors is not None:
                return vectors
            if self._file.exists():
                _LOG.warning("The index of cards %s is damaged, and is made anew.", self._file)
            vectors = self._made()
            self._keep(vectors.tobytes())
            self._tidy()
            return vectors

    def _made(self) -> Array:
        parts: list[Array] = []
        for start in range(0, len(self._texts), _STEP):
            part = self._texts[start : start + _STEP]
            parts.append(self._encoder.encode([item.text for item in part]))
            self._progress(start + len(part), len(self._texts))
        made = np.concatenate(parts).astype("<f4")
        if not np.isfinite(made).all():
            raise OSError("the encoder gives no numbers")
        made.setflags(write=False)
        return made

    def _keep(self, content: bytes) -> None:
        draft = self._file.with_suffix(_DRAFT)
        try:
            draft.write_bytes(self._digest(content) + content)
            draft.replace(self._file)
        finally:
            draft.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Remove what killed processes left, and all but the latest files of other cards."""
        for draft in self._folder.glob(f"*{_DRAFT}"):
            draft.unlink(missing_ok=True)
        others = [file for file in self._folder.glob(f"*{_ENDING}") if file != self._file]
        for old in sorted(others, key=lambda file: -file.stat().st_mtime)[_KEPT:]:
            old.unlink(missing_ok=True)

    def _filled(self, *, afresh: bool = False) -> Collection:
        """A collection with the vectors, the one that this process has of them if it is whole."""
        # With its content in its name it cannot hold the vectors of another encoder.
        name = f"{self.key}-{self._digest(self._vectors.tobytes()).hex()[:16]}"
        count = len(self._texts)
        with _FILLING:
            client = _client()
            collection = _collection(client, name, count)
            if afresh or collection.count() != count:
                client.delete_collection(name)
                collection = _collection(client, name, count)
                step = client.get_max_batch_size()
                for start in range(0, count, step):
                    part = self._vectors[start : start + step]
                    ids = [str(start + k) for k in range(len(part))]
                    collection.add(ids=ids, embeddings=part)
        return collection


def _client() -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.EphemeralClient(Settings(anonymized_telemetry=False))


def _collection(client: ClientAPI, name: str, count: int) -> Collection:
    # A search as wide as the collection misses nothing, so that answers do not depend on the order
    # in which threads built the graph; then a graph built in half the time does as well.
    return client.get_or_create_collection(
        name,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": count, "ef_construction": 40}},
    )


def _key(texts: Sequence[Document], encoder: Encoder) -> str:
    told = [_LAYOUT, encoder.id, *map(astuple, texts)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
