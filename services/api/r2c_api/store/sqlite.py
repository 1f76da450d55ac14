"""SQLite, the default: one file, no server, several processes of one machine at a time."""

from __future__ import annotations

import queue
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from r2c_api.faults import NO_SERVICE
from r2c_api.store.database import Cell, Found, Session
from r2c_api.store.tables import TABLES

_PATIENCE_SECONDS = 30.0
"""How long a transaction waits for the one that writes."""


class _Session:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def alone(self, name: str) -> None:
        """Nothing to do: one transaction writes at a time."""

    def now(self) -> float:
        """That of the machine: one file is used by one machine."""
        return time.time()

    def run(self, sql: str, *values: Cell) -> list[Found]:
        return [dict(row) for row in self._connection.execute(sql, values)]


class SqliteDatabase:
    """The database in one file.

    Raises:
        StoreError: R2C-B613, the file cannot be made or read.
    """

    claiming = holding = ""  # one transaction writes at a time
    taking_room: tuple[str, ...] = ()  # it lies in the folder of the service, which is tried too

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._connected() as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(TABLES.replace("{serial}", "INTEGER PRIMARY KEY"))
        except (OSError, sqlite3.Error) as error:
            raise NO_SERVICE(reason=str(error)) from error

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """See `Database.writing`."""
        with self._transaction("BEGIN IMMEDIATE") as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """See `Database.reading`."""
        with self._transaction("BEGIN") as session:
            yield session

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Session]:
        try:
            with self._connected() as connection:
                connection.execute(begin)
                try:
                    yield _Session(connection)
                    connection.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):  # a full disk has rolled back already
                        connection.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            raise NO_SERVICE(reason=str(error)) from error

    def close(self) -> None:
        """See `Database.close`."""
        while True:
            try:
                self._free.get_nowait().close()
            except queue.Empty:
                return

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._free.get_nowait()
        except queue.Empty:
            connection = sqlite3.connect(
                self._path,
                timeout=_PATIENCE_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.row_factory = sqlite3.Row
            # A job that was acknowledged must outlast a power cut.
            connection.execute("PRAGMA synchronous=FULL")
        try:
            yield connection
        except sqlite3.Error:
            connection.close()  # whatever is wrong may be wrong with it
            raise
        except BaseException:
            self._free.put(connection)
            raise
        else:
            self._free.put(connection)
