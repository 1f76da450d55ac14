"""Postgres, for workers and replicas on several machines; rows are locked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from r2c_api.faults import NO_DRIVER, NO_SERVICE
from r2c_api.store.database import Cell, Found, Session
from r2c_api.store.tables import TABLES

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import DictRow

_PATIENCE_SECONDS = 30.0
_CONNECTIONS = 10
_SERIAL = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"


class _Session:
    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def run(self, sql: str, *values: Cell) -> list[Found]:
        cursor = self._connection.execute(sql.replace("?", "%s").encode(), values)
        return list(cursor) if cursor.description else []

    def now(self) -> float:
        """That of the server: the machines of workers may differ by more than a job is stalled."""
        rows = self.run("SELECT EXTRACT(EPOCH FROM clock_timestamp())::float8 AS now")
        return float(cast("float", rows[0]["now"]))

    def alone(self, name: str) -> None:
        self.run("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name)


class PostgresDatabase:
    """The database that a `postgresql://` address names.

    Raises:
        InputError: R2C-B640, the driver is not installed.
        StoreError: R2C-B613, the server cannot be reached.
    """

    claiming = "FOR UPDATE SKIP LOCKED"
    holding = "FOR UPDATE"
    # A table of this connection alone, which no backup waits for or holds.
    taking_room: tuple[str, ...] = (
        "CREATE TEMPORARY TABLE IF NOT EXISTS room (taken TEXT) ON COMMIT DELETE ROWS",
        "INSERT INTO pg_temp.room VALUES ('')",
    )

    def __init__(self, url: str) -> None:
        try:
            import psycopg
            from psycopg.rows import dict_row
            from psycopg_pool import ConnectionPool
        except ImportError:
            raise NO_DRIVER() from None
        self._failures = (psycopg.Error, TimeoutError)
        self._pool = ConnectionPool(
            url,
            kwargs={"row_factory": dict_row},
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=_PATIENCE_SECONDS,
            check=ConnectionPool.check_connection,  # a server that was started anew
            open=False,
        )
        try:
            self._pool.open(wait=True, timeout=_PATIENCE_SECONDS)
            with self.writing() as session:
                session.alone("tables of the service")
                for statement in TABLES.replace("{serial}", _SERIAL).split(";"):
                    if statement.strip():
                        session.run(statement)
        except self._failures as error:
            self._pool.close()
            raise NO_SERVICE(reason=_told(error)) from error

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """See `Database.writing`."""
        try:
            with self._pool.connection() as connection:
                yield _Session(cast("Connection[DictRow]", connection))
        except self._failures as error:
            raise NO_SERVICE(reason=_told(error)) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """See `Database.reading`."""
        with self.writing() as session:
            session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    def close(self) -> None:
        """See `Database.close`."""
        self._pool.close()


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
