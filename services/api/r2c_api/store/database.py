"""What the tables of the service need of a database; SQL that SQLite and Postgres both take."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

Cell = str | int | float | None
Found = Mapping[str, Cell]


class Session(Protocol):
    """One transaction."""

    def alone(self, name: str) -> None:
        """Let no other transaction that asks for the same name go on before the end of this one."""

    def now(self) -> float:
        """Seconds since 1970 by the one clock that all who share the database have."""

    def run(self, sql: str, *values: Cell) -> list[Found]:
        """The rows that a statement gives; `?` stands for the values."""


class Database(Protocol):
    """Opens transactions, from any thread."""

    claiming: str
    """What makes a claim pass over rows that another worker is claiming."""
    holding: str
    """What keeps others from changing the rows that a statement reads."""
    taking_room: tuple[str, ...]
    """Statements that take fresh room of the disk and give it back at the end of the transaction.

    Where there are some, a row alone may find a place that an earlier one left on a full disk.
    """

    def writing(self) -> AbstractContextManager[Session]:
        """A transaction that is on disk when the block ends without an exception.

        Raises:
            StoreError: R2C-B613, the database cannot be used.
        """

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that sees one state of everything and changes nothing; as `writing`."""

    def close(self) -> None:
        """Let go of every connection."""
