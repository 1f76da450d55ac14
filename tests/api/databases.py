"""The two databases of the service; Postgres is the server that R2C_TEST_POSTGRES names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from r2c_api.store.database import Database
from r2c_api.store.postgres import PostgresDatabase
from r2c_api.store.sqlite import SqliteDatabase


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Database]:
    """A fresh database of a kind."""
    if kind == "sqlite":
        database = SqliteDatabase(folder / "service.sqlite")
        yield database
        database.close()
        return
    with schema() as url:
        server = PostgresDatabase(url)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def schema() -> Iterator[str]:
    """The address of a schema of its own on the test server, which goes away again."""
    import psycopg

    url = os.environ["R2C_TEST_POSTGRES"]
    name = f"r2c_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        try:
            yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
