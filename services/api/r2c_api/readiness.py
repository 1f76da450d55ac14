"""Whether this process can take jobs and do its work, part by part, each looked at now and then.

A part that was fine is not tried again for a while, since a try costs something; one that failed is
tried again soon. Only one try of a part is under way at a time, whoever asks.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from r2c.errors import R2CError, StoreError, declare
from r2c.pipeline import readiness
from r2c.problem.schema import Frozen
from r2c_api.found_by_words import by_words
from r2c_api.tenants import service_folder

if TYPE_CHECKING:
    from r2c_api.service import Service

STOPPED = declare(
    "R2C-B726", R2CError,
    what="The part {part!r} of the service does not work any more.",
    why="It has stopped, or the service is being stopped.",
    remedy="Start the service again.",
)  # fmt: skip
SLOW = declare(
    "R2C-B727", R2CError,
    what="The part {part!r} of the service did not answer within {seconds:.0f} s.",
    why="Whoever asks for readiness cannot wait for ever.",
    remedy="Look at what the machine is busy with; the part is tried again soon.",
)  # fmt: skip
NO_ROOM = declare(
    "R2C-B730", StoreError,
    what="Nothing can be written to the folder of the service: {reason}.",
    why="Problems, checkpoints and results lie there.",
    remedy="Free space or correct the permissions of R2C_DATA_DIR; what was accepted is kept.",
)  # fmt: skip
LONGEST_SECONDS = 15.0
_AGAIN_SECONDS = 3.0
"""After so long a part that failed is tried again."""
_TRIED_BYTES = 65_536
"""As much as a problem with a small table."""


class Part(Frozen):
    """One part: whether it works, what is wrong where not, and how long the try took."""

    ok: bool
    seconds: float
    code: str = ""
    needed: bool = True


class Readiness(Frozen):
    """Whether every part works that is needed."""

    ready: bool
    checks: dict[str, Part]


@dataclass
class _Looked:
    """A part, how it is tried, and what came of the last try."""

    look: Callable[[], object]
    fresh_seconds: float
    needed: bool = True
    found: Part | None = None
    at: float = 0.0
    trying: asyncio.Task[Part] | None = field(default=None)

    def stale(self, now: float) -> bool:
        if self.found is None:
            return True
        return now - self.at > (self.fresh_seconds if self.found.ok else _AGAIN_SECONDS)


class Ready:
    """Looks at the parts of one process."""

    def __init__(self, service: Service) -> None:
        self._service = service
        works = service.settings.serve_jobs > 0
        self._parts = {
            "store": _Looked(self._store, 2.0),
            "files": _Looked(self._files, 2.0),
            "worker": _Looked(self._worker, 0.0),
            "solver": _Looked(readiness.solves, 60.0),
            "cards": _Looked(self._cards, 60.0),
            "language_model": _Looked(self._model, 10.0, needed=works),
        }

    async def look(self) -> Readiness:
        """Every part, as it was found a moment ago or is found now."""
        tried = [self._looked(name, part) for name, part in self._parts.items()]
        checks = dict(zip(self._parts, await asyncio.gather(*tried), strict=True))
        ready = all(part.ok for part in checks.values() if part.needed)
        return Readiness(ready=ready, checks=checks)

    async def _looked(self, name: str, part: _Looked) -> Part:
        if part.found is not None and not part.stale(time.monotonic()):
            return part.found
        if part.trying is None or part.trying.done():
            part.trying = asyncio.create_task(_tried(part))
        began = time.monotonic()
        try:
            return await asyncio.wait_for(asyncio.shield(part.trying), LONGEST_SECONDS)
        except TimeoutError:
            seconds = time.monotonic() - began
            return Part(ok=False, seconds=seconds, code=SLOW.code, needed=part.needed)

    def _store(self) -> None:
        """Commit a row and remove it again; one that a death leaves is swept with old ones."""
        database, row = self._service.database, secrets.token_hex(8)
        with database.writing() as session:
            for statement in database.taking_room:
                session.run(statement)
            session.run(
                "INSERT INTO idempotency (tenant, key, digest, subject, at) "
                "VALUES ('', ?, '', '', 0)",
                row,
            )
        with database.writing() as session:
            session.run("DELETE FROM idempotency WHERE tenant = '' AND key = ?", row)

    def _files(self) -> None:
        """Write a file and let it go.

        Raises:
            StoreError: R2C-B730.
        """
        folder = service_folder(self._service.settings)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder) as file:  # gone whatever ends the process
                file.write(os.urandom(_TRIED_BYTES))  # nothing that could be kept in less
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NO_ROOM(reason=error.strerror or str(error)) from None

    def _worker(self) -> None:
        service = self._service
        if service.bell.closed or (service.settings.serve_jobs and not service.worker.alive):
            raise STOPPED(part="worker")

    def _cards(self) -> int:
        from r2c.archetypes.load import standard_library
        from r2c.pipeline.shelf import shelf

        library = standard_library()
        if not self._service.settings.serve_jobs:
            return readiness.finds(by_words(library), library.values())
        retriever = shelf(self._service.settings.cache_dir).retriever
        return readiness.finds(retriever, library.values())

    def _model(self) -> str:
        service = self._service
        return "given" if service.model is not None else readiness.reaches(service.settings)


async def _tried(part: _Looked) -> Part:
    began, code = time.monotonic(), ""
    try:
        await asyncio.to_thread(part.look)
    except R2CError as error:
        code = error.code  # alone: anybody may ask, and a sentence may name an address
    except Exception as error:
        code = type(error).__name__
    seconds = round(time.monotonic() - began, 4)
    part.found = Part(ok=not code, seconds=seconds, code=code, needed=part.needed)
    part.at = time.monotonic()
    return part.found
