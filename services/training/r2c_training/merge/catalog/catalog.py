"""The catalogue: a SQLite file and the packs beside it, in one folder that several merges share.

A shard of an expert is one transaction: its packed blocks are on the disk before the rows that
point at them are committed, so a crash loses at most the shard in work.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self

from pydantic import Field, TypeAdapter, ValidationError

from r2c_training.merge.catalog.facts import BlockFacts, Delta, TensorFacts
from r2c_training.merge.catalog.schema import UNREADABLE, open_database, told_if_spoilt
from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.checkpoint.header import Header
from r2c_training.merge.packs.pack_file import Place, is_whole
from r2c_training.merge.source import Source, content_of, files_of
from r2c_training.merge.writable import told_if_unwritable

_BLOCK = (
    "number, base_norm, norm, peak, error4, error8, pack_at, coarse, both, digest, digest4, digest8"
)

_SHAPE = TypeAdapter(tuple[Annotated[int, Field(ge=0)], ...])


@dataclass(frozen=True)
class Begun:
    """A pass over an expert that is under way."""

    delta: int
    pack: Path
    pack_bytes: int
    passed: dict[int, str]
    """Shard -> SHA-256, of the shards that are done."""


class Catalog:
    """The catalogue in one folder. For one thread; several processes may share the folder.

    Whatever is asked of a file that SQLite no longer trusts raises R2C-T010.
    """

    def __init__(self, folder: Path) -> None:
        """Open it, made if it is not there.

        Raises:
            StoreError: R2C-T010, R2C-T141.
        """
        self.folder = folder
        with told_if_unwritable(folder):
            (folder / "packs").mkdir(parents=True, exist_ok=True)
        self._file = folder / "catalog.sqlite"
        self._database = open_database(self._file)
        self._deltas: dict[int, Delta] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with told_if_spoilt(self._file):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                if self._database.in_transaction:  # SQLite ends it itself where the disk is full
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _rows(self, question: str, *values: str | int) -> list[Any]:
        with told_if_spoilt(self._file):
            return self._database.execute(question, values).fetchall()

    def _write(self, statement: str, *values: str | int) -> None:
        with told_if_spoilt(self._file):
            self._database.execute(statement, values)

    def file_hash(self, file: Header) -> str | None:
        """SHA-256 of a file whose path, size, times and header are as when it was read whole."""
        found = self._rows(
            "SELECT sha256 FROM files"
            " WHERE path=? AND bytes=? AND mtime_ns=? AND ctime_ns=? AND inode=? AND header=?",
            *_state(file),
        )
        return self._text(found[0][0]) if found else None

    def has_met(self, source: Source) -> bool:
        """Whether files of its size and header lay in its place when they were read whole."""
        return all(
            self._rows(
                "SELECT 1 FROM files WHERE path=? AND bytes=? AND header=?",
                str(file.path.resolve()),
                file.file_bytes,
                file.sha256,
            )
            for file in files_of(source)
        )

    def remember_file(self, file: Header, sha256: str) -> None:
        """Keep the hash of a file that was read whole."""
        self._write(
            "INSERT OR REPLACE INTO files(path, bytes, mtime_ns, ctime_ns, inode, header, sha256)"
            " VALUES (?,?,?,?,?,?,?)",
            *_state(file),
            sha256,
        )

    def content(self, source: Source) -> str | None:
        """Content hash of a source whose files were all read whole once, unchanged since."""
        hashes = [self.file_hash(file) for file in files_of(source)]
        known = [sha256 for sha256 in hashes if sha256 is not None]
        return content_of(source, known) if len(known) == len(hashes) else None

    def remember_model(self, source: Source, hashes: Sequence[str]) -> str:
        """Keep the hashes of all files of a source; returns its content hash."""
        content = content_of(source, hashes)
        kind = "model" if isinstance(source, Checkpoint) else "adapter"
        row = (content, kind, source.folder.name, str(source.folder), source.weight_bytes)
        with self._transaction() as database:
            database.execute("INSERT OR REPLACE INTO models VALUES (?,?,?,?,?)", row)
            for number, (file, sha256) in enumerate(zip(files_of(source), hashes, strict=True)):
                database.execute(
                    "INSERT OR REPLACE INTO shards VALUES (?,?,?,?,?)",
                    (content, number, file.path.name, file.file_bytes, sha256),
                )
                self.remember_file(file, sha256)
        return content

    def begin(self, base: str, identity: str, elements: int) -> Begun:
        """Begin a pass over an expert, or go on with one that was broken off."""
        key = (base, identity, elements)
        with self._transaction() as database:
            database.execute(
                "INSERT OR IGNORE INTO deltas(base, identity, elements) VALUES (?,?,?)", key
            )
            delta, pack_bytes = database.execute(
                "SELECT id, pack_bytes FROM deltas WHERE base=? AND identity=? AND elements=?", key
            ).fetchone()
        passed = self._rows("SELECT shard, sha256 FROM passed WHERE delta=?", delta)
        return Begun(delta, self._pack(delta), pack_bytes, dict(passed))

    def commit_shard(
        self,
        begun: Begun,
        shard: int,
        sha256: str,
        tensors: Iterable[TensorFacts],
        pack_bytes: int,
    ) -> None:
        """Keep what was found in one shard; its packed blocks must be on the disk."""
        with self._transaction() as database:
            for tensor in tensors:
                cursor = database.execute(
                    "INSERT INTO tensors(delta, name, form, shape) VALUES (?,?,?,?)",
                    (begun.delta, tensor.name, tensor.form, json.dumps(tensor.shape)),
                )
                at = cursor.lastrowid
                database.executemany(
                    f"INSERT INTO blocks(tensor, {_BLOCK}) VALUES (?{',?' * 12})",
                    [(at, n, *_row(block)) for n, block in enumerate(tensor.blocks)],
                )
            database.execute("INSERT INTO passed VALUES (?,?,?)", (begun.delta, shard, sha256))
            database.execute("UPDATE deltas SET pack_bytes=? WHERE id=?", (pack_bytes, begun.delta))

    def finish(self, begun: Begun, expert: str) -> None:
        """Say that all shards of the expert are done."""
        self._write("UPDATE deltas SET expert=? WHERE id=?", expert, begun.delta)

    def delta(self, base: str, expert: str, elements: int) -> Delta | None:
        """What is known of an expert against a base; None before its pass is finished."""
        known = self._rows(
            "SELECT id, pack_bytes FROM deltas WHERE base=? AND expert=? AND elements=?"
            " ORDER BY id",
            base,
            expert,
            elements,
        )
        if not known:
            return None
        row = known[0]
        if row[0] in self._deltas:  # a finished one does not change
            return self._deltas[row[0]]
        if not isinstance(row[1], int):
            raise UNREADABLE(path=str(self._file), reason=f"{row[1]!r} is no size of a pack")
        rows = self._rows(
            f"SELECT t.name, t.form, t.shape, {_BLOCK} FROM tensors t"
            " LEFT JOIN blocks b ON b.tensor=t.id WHERE t.delta=? ORDER BY t.id, b.number",
            row[0],
        )
        tensors = {}
        for (name, form, shape), group in groupby(rows, key=lambda found: found[:3]):
            # A tensor without elements has no block, and one row without a number.
            blocks = tuple(_block(found[4:]) for found in group if found[3] is not None)
            tensors[name] = facts = TensorFacts(name, form, self._shape(shape), blocks)
            if odd := facts.odd(elements, row[1]):
                raise UNREADABLE(path=str(self._file), reason=odd)
        found = Delta(expert, self._pack(row[0]), row[1], tensors)
        self._deltas[row[0]] = found
        return found

    def require_facts(self, delta: Delta, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """See that something is known of each tensor of an expert, as it has them.

        Raises:
            StoreError: R2C-T010.
        """
        for name, shape in shapes.items():
            facts = delta.tensors.get(name)
            if facts is None or facts.shape != shape:
                reason = f"it holds nothing of {name!r} of shape {shape}"
                raise UNREADABLE(path=str(self._file), reason=reason)

    def _text(self, value: object) -> str:
        if not isinstance(value, str):
            raise UNREADABLE(path=str(self._file), reason=f"{value!r} is no text")
        return value

    def _shape(self, text: str) -> tuple[int, ...]:
        try:
            return _SHAPE.validate_json(text)
        except ValidationError as error:
            reason = f"{text!r} is no shape"
            raise UNREADABLE(path=str(self._file), reason=reason) from error

    def drop_spoilt(self, base: str, expert: str, elements: int) -> None:
        """Begin those passes over an expert anew whose packed blocks are gone or cut short."""
        with self._transaction() as database:
            known = database.execute(
                "SELECT id, pack_bytes FROM deltas WHERE base=? AND expert=? AND elements=?",
                (base, expert, elements),
            ).fetchall()
            for delta, size in known:
                if not is_whole(self._pack(delta), size):
                    for table in ("tensors", "passed"):
                        database.execute(f"DELETE FROM {table} WHERE delta=?", (delta,))
                    database.execute(
                        "UPDATE deltas SET pack_bytes=0, expert=NULL WHERE id=?", (delta,)
                    )
        self._deltas.clear()

    def _pack(self, delta: int) -> Path:
        return self.folder / "packs" / f"{delta}.pack"

    def remember_merge(
        self,
        manifest: str,
        folder: Path,
        plan: str,
        methods: Sequence[str],
        finished: str,
        cost: tuple[float, int],
        inputs: dict[str, str],
    ) -> None:
        """Keep that a merge was published: its seconds, bytes read, and inputs."""
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO merges"
                "(manifest, folder, plan, finished, seconds, read_bytes, methods)"
                " VALUES (?,?,?,?,?,?,?)",
                (manifest, str(folder), plan, finished, *cost, " ".join(methods)),
            )
            database.executemany(
                "INSERT OR REPLACE INTO lineage VALUES (?,?,?)",
                [(manifest, role, content) for role, content in inputs.items()],
            )

    def merges_from(self, content: str) -> list[tuple[str, str]]:
        """Folder and role, for every merge that a model went into."""
        found = self._rows(
            "SELECT folder, role FROM merges JOIN lineage USING (manifest) WHERE content=?"
            " ORDER BY finished, folder, role",
            content,
        )
        return [(self._text(folder), self._text(role)) for folder, role in found]

    def pace(self, methods: Sequence[str]) -> float | None:
        """Bytes a second of the last merge by these methods; None before the first."""
        found = self._rows(
            "SELECT read_bytes / seconds FROM merges WHERE seconds > 0 AND methods=?"
            " ORDER BY finished DESC LIMIT 1",
            " ".join(methods),
        )
        return found[0][0] if found else None


def _state(file: Header) -> tuple[str, int, int, int, int, str]:
    place = str(file.path.resolve())
    return place, file.file_bytes, file.mtime_ns, file.ctime_ns, file.inode, file.sha256


def _row(block: BlockFacts) -> tuple[float | int | bytes | None, ...]:
    where = block.place
    places = (where.at, where.coarse, where.both) if where else (None, None, None)
    errors = (block.base_norm, block.norm, block.peak, block.error4, block.error8)
    return (*errors, *places, block.digest, block.digest4, block.digest8)


def _block(row: tuple[object, ...]) -> BlockFacts:
    base_norm, norm, peak, error4, error8, at, coarse, both, *digests = row
    place = Place(at, coarse, both) if at is not None else None  # type: ignore[arg-type]
    return BlockFacts(base_norm, norm, peak, error4, error8, place, *digests)  # type: ignore[arg-type]
