"""The database that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from r2c_api.store.database import Database
from r2c_api.store.postgres import PostgresDatabase
from r2c_api.store.sqlite import SqliteDatabase
from r2c_api.tenants import service_folder

if TYPE_CHECKING:
    from r2c.settings import Settings


def open_database(settings: Settings) -> Database:
    """The database of the service.

    Raises:
        InputError: R2C-B640, it is Postgres and the driver is not installed.
        StoreError: R2C-B613, it cannot be used.
    """
    if settings.database is not None:
        return PostgresDatabase(settings.database.get_secret_value())
    return SqliteDatabase(service_folder(settings) / "service.sqlite")
