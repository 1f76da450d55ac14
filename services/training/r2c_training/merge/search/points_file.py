"""The points of a search that are done: one line each, from any number of processes.

A point is known by the hash of its plan and by the command that scored it, so a recipe or a model
that was changed is merged and scored anew.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from r2c_training.merge.recipe.records import Scalar
from r2c_training.merge.writable import told_if_unwritable


class Done(BaseModel):
    """A point that was scored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: str = Field(description="Hash of the plan.")
    command: str = Field(description="What scored it.")
    values: dict[str, Scalar]
    score: float | None = Field(description="None if the command gave none.")
    problem: str = Field(default="", description="Why it gave none.")
    manifest: str = Field(description="Hash of the merged model's manifest.")
    seconds: float = Field(description="Merging and scoring.")


class PointsFile:
    """The file in one folder."""

    def __init__(self, folder: Path) -> None:
        """Open it, made if it is not there.

        Raises:
            StoreError: R2C-T141.
        """
        self._path = folder / "points.jsonl"
        self._locks = folder / "locks"
        with told_if_unwritable(folder):
            self._locks.mkdir(parents=True, exist_ok=True)

    def read(self, command: str) -> dict[str, Done]:
        """Plan hash -> what was found by a command; a line that a crash cut off is passed over."""
        if not self._path.exists():
            return {}
        found = {}
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                done = Done.model_validate_json(line)
            except ValidationError:
                continue
            if done.command == command:
                found[done.plan] = done
        return found

    def append(self, done: Done) -> None:
        """Keep a point; it is on the disk when this returns."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            # A newline first: what stands before may have been cut off by a crash.
            data = memoryview(b"\n" + done.model_dump_json().encode() + b"\n")
            while data:
                data = data[os.write(file, data) :]
            os.fsync(file)
        finally:
            os.close(file)

    @contextmanager
    def claim(self, plan: str) -> Iterator[bool]:
        """Whether this process has the point to itself; the claim dies with the process."""
        file = os.open(self._locks / plan, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(file)
