"""Cards by meaning: vectors of their texts, kept in a file of our own and queried in Chroma.

A file belongs to one encoder and has vectors by the hash of their text, so that only new texts are
read. It begins with a hash of its content and is replaced as a whole; if a byte differs, it is made
anew. Chroma holds the vectors in memory: damaged files of its own would end the process.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

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

UNREAD = declare(
    "R2C-A033",
    StoreError,
    what="The encoder has not read {count} texts of cards yet, more than the {most} of a job.",
    why="Each takes it a hundredth of a second or more, for which the job would wait.",
    remedy="`r2c cards search --meaning WORDS`, with R2C_CARDS naming their folder, has it read "
    "them once, however many they are.",
)

_LAYOUT = "3"
"""Changes when the files below change their meaning."""
_ENDING = ".vectors"
_DRAFT = ".new"
_DIGEST = hashlib.sha256().digest_size
_ROUNDING = 1e-3
_WAIT = 600.0
_KEPT = 3
"""Files of other encoders that stay, the youngest."""
_KEPT_TEXTS = 8000
"""Texts of other cards that stay, those read last: 12 MB."""
_STEP = 64
_PROBE = "At most 40 tonnes of grain are milled in a week."
"""Kept with the texts: of an encoder that makes another vector of it, none are kept."""
_NAME = "r2c-cards-"

_LOG = logging.getLogger(__name__)
_FILLING = threading.Lock()
"""Chroma's memory is one for the process; what it holds is filled by one thread at a time."""
_OPEN: WeakSet[CardIndex] = WeakSet()
"""Those whose vectors Chroma holds."""

Kept = dict[bytes, Array]
"""Vectors by the hash of their text."""
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
        progress: Told while texts are read that no file has.
        most: How many of those are read; None for all.

    Raises:
        StoreError: R2C-A031, R2C-A032; R2C-A033 if there are more than `most` to read.
    """

    def __init__(
        self,
        folder: Path,
        texts: Sequence[Document],
        encoder: Encoder,
        progress: Progress = lambda done, of: None,
        most: int | None = None,
    ) -> None:
        self._texts = tuple(texts)
        self._keys = tuple(_hash(text.text) for text in self._texts)
        self._encoder = encoder
        self._progress = progress
        self._folder = folder
        self._file = folder / f"{_hash(_LAYOUT + encoder.id).hex()[:16]}{_ENDING}"
        with self._failures_told():
            folder.mkdir(parents=True, exist_ok=True)
            kept = self._kept()
            unread = self._unread(kept)
            if most is not None and len(unread) > most:
                raise UNREAD(count=len(unread), most=most)
            if unread:
                kept = self._completed()
            self._vectors = np.array([kept[key] for key in self._keys])
            self._vectors.setflags(write=False)
            self._name = _NAME + hashlib.sha256(self._vectors.tobytes()).hexdigest()[:32]
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
        for another in (False, True):
            try:
                if another:  # another index of the same cards may have had its collection made anew
                    self._collection = self._filled()
                return self._query(vector, most)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # it may panic below Python, which is no Exception
                _LOG.warning("Chroma failed, and is asked anew: %s", error)
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
        except (KeyboardInterrupt, SystemExit, StoreError):
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

    def _kept(self) -> Kept:
        """The vectors on disk; none if they are not whole, or the encoder makes others now."""
        try:
            raw = self._file.read_bytes()
        except OSError:
            return {}
        digest, content = raw[:_DIGEST], raw[_DIGEST:]
        probe = self.direction(_PROBE)
        row = _row(len(probe))
        if digest != self._digest(content) or len(content) % row.itemsize:
            return {}
        rows = np.frombuffer(content, row)
        kept: Kept = dict(zip(rows["text"].tolist(), rows["vector"], strict=True))
        before = kept.get(_hash(_PROBE))
        same = before is not None and np.allclose(before, probe, atol=_ROUNDING)
        return kept if same else {}

    def _unread(self, kept: Kept) -> dict[bytes, str]:
        """The texts of which there is no vector, by hash."""
        texts = {key: text.text for key, text in zip(self._keys, self._texts, strict=True)}
        return {key: text for key, text in texts.items() if key not in kept}

    def _digest(self, content: bytes) -> bytes:
        return hashlib.sha256(self._file.name.encode() + content).digest()

    def _completed(self) -> Kept:
        """The vectors of all texts, those read that another process has not read meanwhile."""
        # One lock for the folder: nothing in it is being written when old files are removed.
        with FileLock(self._folder / "making.lock", timeout=_WAIT):
            kept = self._kept()
            if self._file.exists() and not kept:
                _LOG.warning("The index of cards %s is damaged, and is made anew.", self._file)
            unread = self._unread(kept)
            if not unread:
                return kept
            every = kept | self._read(unread)
            needed = {_hash(_PROBE): self.direction(_PROBE)}
            needed |= {key: every[key] for key in self._keys}
            others = [key for key in kept if key not in needed][:_KEPT_TEXTS]
            self._keep(needed | {key: kept[key] for key in others})
            self._tidy()
            return needed

    def _read(self, unread: dict[bytes, str]) -> Kept:
        keys, texts = list(unread), list(unread.values())
        found: Kept = {}
        for start in range(0, len(texts), _STEP):
            vectors = self._encoder.encode(texts[start : start + _STEP])
            if not np.isfinite(vectors).all():
                raise OSError("the encoder gives no numbers")
            found.update(zip(keys[start : start + _STEP], vectors, strict=True))
            self._progress(len(found), len(texts))
        return found

    def _keep(self, vectors: Kept) -> None:
        rows = np.empty(len(vectors), _row(len(next(iter(vectors.values())))))
        rows["text"] = np.frombuffer(b"".join(vectors), rows["text"].dtype)
        rows["vector"] = list(vectors.values())
        content = rows.tobytes()
        draft = self._file.with_suffix(_DRAFT)
        try:
            draft.write_bytes(self._digest(content) + content)
            draft.replace(self._file)
        finally:
            draft.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Remove what killed processes left, and all but the latest files of other encoders."""
        for draft in self._folder.glob(f"*{_DRAFT}"):
            draft.unlink(missing_ok=True)
        others = [file for file in self._folder.glob(f"*{_ENDING}") if file != self._file]
        for old in sorted(others, key=lambda file: -file.stat().st_mtime)[_KEPT:]:
            old.unlink(missing_ok=True)

    def _filled(self, *, afresh: bool = False) -> Collection:
        """A collection with the vectors, the one that this process has of them if it is whole."""
        # With its content in its name it cannot hold the vectors of other cards or encoders.
        count = len(self._texts)
        with _FILLING:
            client = _client()
            _OPEN.add(self)
            _forget_others(client)
            collection = _collection(client, self._name, count)
            if afresh or collection.count() != count:
                client.delete_collection(self._name)
                collection = _collection(client, self._name, count)
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


def _forget_others(client: ClientAPI) -> None:
    """Let Chroma go of cards that nobody searches any more."""
    used = {index._name for index in _OPEN}
    for item in client.list_collections():
        if item.name.startswith(_NAME) and item.name not in used:
            client.delete_collection(item.name)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _row(width: int) -> np.dtype[np.void]:
    return np.dtype([("text", f"V{_DIGEST}"), ("vector", "<f4", (width,))])
