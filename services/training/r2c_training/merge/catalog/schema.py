"""The tables of the catalogue, and how its file is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from r2c.errors import StoreError, declare

UNREADABLE = declare(
    "R2C-T010", StoreError,
    what="The catalogue {path!r} cannot be used: {reason}.",
    why="It holds what earlier passes over models found; SQLite does not open or trust it.",
    remedy="Give another folder with --store, or delete this one; the models are analysed anew.",
)  # fmt: skip

STORE_FULL = declare(
    "R2C-T126", StoreError,
    what="The disk of the store {folder!r} is full.",
    why="An expert's packed blocks take half its size; files of it that are done are kept.",
    remedy="Make room and run the same command again, which goes on, or give another --store.",
)  # fmt: skip

VERSION = 2
_TABLES = """
CREATE TABLE files(
    path TEXT NOT NULL, bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, header TEXT NOT NULL,
    sha256 TEXT NOT NULL, ctime_ns INTEGER NOT NULL DEFAULT 0, inode INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(path)
) WITHOUT ROWID;
CREATE TABLE models(
    content TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, folder TEXT NOT NULL,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE shards(
    content TEXT NOT NULL REFERENCES models, number INTEGER NOT NULL, name TEXT NOT NULL,
    bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY(content, number)
) WITHOUT ROWID;
CREATE TABLE deltas(
    id INTEGER PRIMARY KEY, base TEXT NOT NULL, identity TEXT NOT NULL, elements INTEGER NOT NULL,
    pack_bytes INTEGER NOT NULL DEFAULT 0, expert TEXT, UNIQUE(base, identity, elements)
);
CREATE INDEX deltas_by_expert ON deltas(base, expert, elements);
CREATE TABLE passed(
    delta INTEGER NOT NULL REFERENCES deltas ON DELETE CASCADE, shard INTEGER NOT NULL,
    sha256 TEXT NOT NULL, PRIMARY KEY(delta, shard)
) WITHOUT ROWID;
CREATE TABLE tensors(
    id INTEGER PRIMARY KEY, delta INTEGER NOT NULL REFERENCES deltas ON DELETE CASCADE,
    name TEXT NOT NULL, form TEXT NOT NULL, shape TEXT NOT NULL, UNIQUE(delta, name)
);
CREATE TABLE blocks(
    tensor INTEGER NOT NULL REFERENCES tensors ON DELETE CASCADE, number INTEGER NOT NULL,
    base_norm REAL NOT NULL, norm REAL NOT NULL, peak REAL NOT NULL,
    error4 REAL, error8 REAL, pack_at INTEGER, coarse INTEGER, both INTEGER,
    digest BLOB, digest4 BLOB, digest8 BLOB, PRIMARY KEY(tensor, number)
) WITHOUT ROWID;
CREATE TABLE merges(
    manifest TEXT NOT NULL, folder TEXT NOT NULL, plan TEXT NOT NULL, finished TEXT NOT NULL,
    seconds REAL NOT NULL, read_bytes INTEGER NOT NULL, methods TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(manifest, folder)
) WITHOUT ROWID;
CREATE TABLE lineage(
    manifest TEXT NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY(manifest, role)
) WITHOUT ROWID;
"""


@contextmanager
def told_if_spoilt(path: Path) -> Iterator[None]:
    """Turn what SQLite says of its file into a declared failure.

    Raises:
        StoreError: R2C-T010, R2C-T126.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise STORE_FULL(folder=str(path.parent)) from error
        raise UNREADABLE(path=str(path), reason=str(error)) from error


def open_database(path: Path) -> sqlite3.Connection:
    """Open the catalogue, made if it is not there. A commit is on the disk when it returns.

    Raises:
        StoreError: R2C-T010.
    """
    with told_if_spoilt(path):
        database = sqlite3.connect(path, timeout=60, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA foreign_keys=ON")
        database.execute("BEGIN IMMEDIATE")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _TABLES.split(";\n"):
                database.execute(statement)
        elif version == 1:  # its files are hashed once more, and what is known of them is found
            database.execute("ALTER TABLE files ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0")
            database.execute("ALTER TABLE files ADD COLUMN inode INTEGER NOT NULL DEFAULT 0")
            database.execute("ALTER TABLE merges ADD COLUMN methods TEXT NOT NULL DEFAULT ''")
        if version in (0, 1):
            database.execute(f"PRAGMA user_version={VERSION}")
        database.execute("COMMIT")
    if version not in (0, 1, VERSION):
        database.close()
        raise UNREADABLE(path=str(path), reason=f"it has version {version}, not {VERSION}")
    return database
