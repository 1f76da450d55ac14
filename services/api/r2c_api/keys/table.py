"""The tables of keys, of what tenants used, and of what was done with keys."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import cast

from r2c.problem.schema import Frozen
from r2c_api.faults import KEY_ENDED, NO_SUCH_KEY, USED_UP
from r2c_api.jobs.record import Day
from r2c_api.keys.key import Allowance, Key, Scope, draw
from r2c_api.store.database import Database, Found, Session


class Used(Frozen):
    """What a tenant used on one day."""

    tokens: int = 0
    solver_seconds: float = 0.0


class Deed(Frozen):
    """One line of the audit log: who did what to what, and how it went."""

    at: float
    tenant: str
    key: str
    action: str
    subject: str = ""
    status: int = 0
    address: str = ""


class KeyTable:
    """All keys of the service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        tenant: str,
        *,
        name: str = "",
        scopes: frozenset[Scope] = frozenset({Scope.READ, Scope.WRITE}),
        allowance: Allowance | None = None,
        days: float | None = None,
    ) -> tuple[Key, str]:
        """A fresh key, and the key as it is given away: it is told now and never again."""
        now = time.time()
        id, written, kept = draw()
        key = Key(
            id=id,
            tenant=tenant,
            digest=kept,
            name=name,
            scopes=scopes,
            allowance=allowance or Allowance(),
            created=now,
            expires=None if days is None else now + days * 86400,
        )
        with self._database.writing() as session:
            _insert(session, key)
        return key, written

    def rotate(self, id: str, hours: float) -> tuple[Key, str]:
        """A fresh key in place of another, which stays in force for some hours.

        The fresh one ends when the other would have ended.

        Raises:
            InputError: R2C-B633, there is no such key; R2C-B637, it is not in force any more.
        """
        now = time.time()
        with self._database.writing() as session:
            old = self._held(session, id)
            if not old.valid(now):
                raise KEY_ENDED(id=id[:80])
            fresh, written, kept = draw()
            made = old.model_copy(update={"id": fresh, "digest": kept, "created": now})
            _insert(session, made)
            _end(session, old, now + hours * 3600)
        return made, written

    def expire(self, id: str, hours: float = 0.0) -> Key:
        """Take a key out of force, now or in some hours.

        Raises:
            InputError: R2C-B633.
        """
        with self._database.writing() as session:
            return _end(session, self._held(session, id), time.time() + hours * 3600)

    def _held(self, session: Session, id: str) -> Key:
        """A key that nobody else changes before the end of the transaction."""
        rows = session.run(f"SELECT record FROM api_key WHERE id = ? {self._database.holding}", id)
        if not rows:
            raise NO_SUCH_KEY(id=id[:80])
        return Key.model_validate_json(str(rows[0]["record"]))

    def get(self, id: str) -> Key:
        """A key by its id.

        Raises:
            InputError: R2C-B633.
        """
        found = self.find(id)
        if found is None:
            raise NO_SUCH_KEY(id=id[:80])
        return found

    def find(self, id: str) -> Key | None:
        """A key by its id, None if there is none."""
        with self._database.reading() as session:
            rows = session.run("SELECT record FROM api_key WHERE id = ?", id)
        return Key.model_validate_json(str(rows[0]["record"])) if rows else None

    def every(self) -> list[Key]:
        """All keys, the oldest first."""
        with self._database.reading() as session:
            rows = session.run("SELECT record FROM api_key")
        found = [Key.model_validate_json(str(row["record"])) for row in rows]
        return sorted(found, key=lambda key: (key.created, key.id))

    # -------------------------------------------------------------------- use and deeds

    def used(self, tenant: str) -> Used:
        """What a tenant used today."""
        with self._database.reading() as session:
            rows = session.run(
                "SELECT tokens, seconds FROM used WHERE tenant = ? AND day = ?", tenant, _today()
            )
        if not rows:
            return Used()
        row = rows[0]
        return Used(
            tokens=int(cast("int", row["tokens"])),
            solver_seconds=float(cast("float", row["seconds"])),
        )

    def within(self, tenant: str, day: Day) -> None:
        """Look whether a tenant may use more today.

        Raises:
            InputError: R2C-B634, it may not.
        """
        if day.tokens is None and day.solver_seconds is None:
            return
        used = self.used(tenant)
        if day.tokens is not None and used.tokens >= day.tokens:
            raise USED_UP(what=f"{day.tokens:.0f} tokens of the language model")
        if day.solver_seconds is not None and used.solver_seconds >= day.solver_seconds:
            raise USED_UP(what=f"{day.solver_seconds:.0f} seconds of the solver")

    def use(self, tenant: str, tokens: int = 0, solver_seconds: float = 0.0) -> None:
        """Add to what a tenant used today."""
        with self._database.writing() as session:
            session.run(
                "INSERT INTO used (tenant, day, tokens, seconds) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (tenant, day) DO UPDATE SET tokens = used.tokens + excluded.tokens, "
                "seconds = used.seconds + excluded.seconds",
                tenant, _today(), tokens, solver_seconds,
            )  # fmt: skip

    def note(self, deed: Deed) -> None:
        """Write a line of the audit log."""
        with self._database.writing() as session:
            session.run(
                "INSERT INTO audit (at, tenant, key, action, subject, status, address) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                deed.at, deed.tenant, deed.key, deed.action, deed.subject, deed.status,
                deed.address,
            )  # fmt: skip

    def remove_old(self, before: float) -> None:
        """Forget what was done and used before a time."""
        day = datetime.fromtimestamp(before, UTC).date().isoformat()
        with self._database.writing() as session:
            session.run("DELETE FROM audit WHERE at < ?", before)
            session.run("DELETE FROM used WHERE day < ?", day)

    def deeds(self, most: int, tenant: str | None = None) -> list[Deed]:
        """The latest lines of the audit log, the latest first."""
        wanted, values = ("", []) if tenant is None else ("WHERE tenant = ? ", [tenant])
        with self._database.reading() as session:
            rows = session.run(
                "SELECT at, tenant, key, action, subject, status, address FROM audit "
                f"{wanted}ORDER BY position DESC LIMIT ?",
                *values, most,
            )  # fmt: skip
        return [_deed(row) for row in rows]


def _insert(session: Session, key: Key) -> None:
    session.run(
        "INSERT INTO api_key (id, tenant, record) VALUES (?, ?, ?)",
        key.id, key.tenant, key.model_dump_json(),
    )  # fmt: skip


def _end(session: Session, key: Key, end: float) -> Key:
    """The key, out of force at a time if it was not to be before."""
    if key.expires is None or end < key.expires:
        key = key.model_copy(update={"expires": end})
        session.run("UPDATE api_key SET record = ? WHERE id = ?", key.model_dump_json(), key.id)
    return key


def until_tomorrow() -> int:
    """Seconds until the day of UTC ends."""
    return 86400 - int(time.time()) % 86400


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _deed(row: Found) -> Deed:
    return Deed.model_validate(dict(row))
