"""A Postgres server of its own in a folder, from the programs of Debian; gone when it is closed.

It listens on a Unix socket that no other user reaches. Postgres refuses to run as root, so root
starts it as another user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from topology.faults import NO_POSTGRES
from topology.program import Program

_USERS = ("postgres", "nobody")
_NAME = "r2c"


class Postgres:
    """A server; `url` is its database for `R2C_DATABASE`."""

    def __init__(self, folder: Path) -> None:
        """Make the cluster; nothing is started yet.

        Args:
            folder: An empty one whose parents all users may pass through.

        Raises:
            InputError: R2C-B740, Postgres is not installed.
        """
        self.folder = folder
        self.data = folder / "data"
        identity = _user()
        user, group = (None, None) if identity is None else identity
        if identity is not None:
            os.chown(folder, *identity)
        folder.chmod(0o700)
        subprocess.run(
            [_program("initdb"), "--pgdata", str(self.data), "--username", _NAME,
             "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-instructions"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=user,
            group=group,
            extra_groups=None if user is None else (),
        )  # fmt: skip
        self._server = Program(
            "postgres",
            [_program("postgres"), "-D", str(self.data), "-k", str(folder),
             "-c", "listen_addresses="],
            folder,
            user=identity,
        )  # fmt: skip
        self.url = f"postgresql://{_NAME}@/postgres?host={folder}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            StoreError: R2C-B741.
        """
        import psycopg

        def look() -> bool | None:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                return None
            return True

        self._server.start()
        self._server.ready(look)

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._server.runs

    def stop(self, *, at_once: bool = False) -> None:
        """Stop it: connections are cut; `at_once` it is as after a crash, and recovers later."""
        self._server.stop(signal.SIGQUIT if at_once else signal.SIGINT)


@contextmanager
def throw_away() -> Iterator[Postgres]:
    """A server that runs until the end of the block and leaves nothing.

    Raises:
        InputError: R2C-B740.
        StoreError: R2C-B741.
    """
    folder = Path(tempfile.mkdtemp(prefix="r2c-postgres-"))
    try:
        with running(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """A server in a folder, until the end of the block.

    Raises:
        InputError: R2C-B740.
        StoreError: R2C-B741.
    """
    server = Postgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _program(name: str) -> str:
    """The path of a program of Postgres; Debian keeps the newest version's in a folder apart."""
    named = os.environ.get("R2C_POSTGRES_BIN")
    folders = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    for folder in reversed(folders):
        if (folder / name).is_file():
            return str(folder / name)
    found = None if named else shutil.which(name)
    if found is None:
        raise NO_POSTGRES(program=name)
    return found


def _user() -> tuple[int, int] | None:
    """The ids of whom root lets Postgres run as; None for everybody else, who runs it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    return next(known[name] for name in _USERS if name in known)
