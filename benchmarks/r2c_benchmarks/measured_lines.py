"""Measurements on disk, one a line, so that an interrupted bench loses at most the one in work.

A line with `at` tells of a start (command, commit, versions, machine); those after it belong to it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from r2c.errors import StoreError, declare
from r2c_benchmarks.journal import Journal

IN_USE = declare(
    "R2C-B083",
    StoreError,
    what="Another process is writing measurements to {path!r}.",
    why="Two that measure at the same time would disturb each other's times.",
    remedy="Wait until it has ended, or give another file with --out.",
)
UNREADABLE = declare(
    "R2C-B084",
    StoreError,
    what="Line {number} of {path!r} is no measurement: {reason}.",
    why="The file must hold what the same command of `r2c bench` writes.",
    remedy="Give another file with --out, or delete this one to measure anew.",
)

Start = dict[str, JsonValue]
M = TypeVar("M", bound=BaseModel)


class MeasuredLines(Journal, Generic[M]):
    """An open file of measurements of one kind. One process can have it open."""

    def __init__(self, path: Path, kind: type[M]) -> None:
        """Open or create.

        Raises:
            StoreError: R2C-B033, R2C-B083 or R2C-B084.
        """
        super().__init__(path, lambda: IN_USE(path=str(path)))
        self.starts: list[Start] = []
        self.measurements: list[M] = []
        try:
            self.mend()
            self._read(path.read_bytes(), kind)
        except BaseException:
            self.close()
            raise

    def begin(self, start: Start) -> None:
        """Note where the following measurements come from.

        Raises:
            StoreError: R2C-B033.
        """
        self.append(json.dumps(start, ensure_ascii=False))
        self.starts.append(start)

    def keep(self, measurement: M) -> None:
        """Keep one measurement; it is on disk when this returns.

        Raises:
            StoreError: R2C-B033.
        """
        self.append(measurement.model_dump_json())
        self.measurements.append(measurement)

    def _read(self, data: bytes, kind: type[M]) -> None:
        for number, line in enumerate(data.split(b"\n")[:-1], start=1):
            try:
                found = json.loads(line)
                if isinstance(found, dict) and "at" in found:
                    self.starts.append(found)
                else:
                    self.measurements.append(kind.model_validate(found))
            except (ValueError, ValidationError) as error:
                reason = str(error).splitlines()[0]
                raise UNREADABLE(path=str(self.path), number=number, reason=reason) from error
