"""Measurements on disk, one a line, so that an interrupted bench loses at most the one in work.

A line with `at` tells of a start (command, commit, versions, machine); those after it belong to it.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from pydantic import JsonValue, ValidationError

from r2c.errors import StoreError, declare
from r2c_benchmarks.folder import NOT_WRITTEN
from r2c_benchmarks.paradigms.measurement import Measurement

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
    why="The file must hold what `r2c bench paradigms` writes.",
    remedy="Give another file with --out, or delete this one to measure anew.",
)

Start = dict[str, JsonValue]


class Lines:
    """An open file of measurements; use as a context manager. One process can have it open.

    A last line without its end is cut off: it was being written when the process died.
    """

    def __init__(self, path: Path) -> None:
        """Open or create.

        Raises:
            StoreError: R2C-B033, R2C-B083 or R2C-B084.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = path.open("ab")
        except OSError as error:
            raise NOT_WRITTEN(path=str(path), reason=str(error)) from error
        try:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IN_USE(path=str(path)) from error
            data = path.read_bytes()
            self._file.truncate(data.rfind(b"\n") + 1)
            self.starts, self.measurements = _read(path, data)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def begin(self, start: Start) -> None:
        """Note where the following measurements come from.

        Raises:
            StoreError: R2C-B033.
        """
        self._write(json.dumps(start, ensure_ascii=False))
        self.starts.append(start)

    def append(self, measurement: Measurement) -> None:
        """Keep one measurement; it is on disk when this returns.

        Raises:
            StoreError: R2C-B033.
        """
        self._write(measurement.model_dump_json())
        self.measurements.append(measurement)

    def _write(self, line: str) -> None:
        try:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise NOT_WRITTEN(path=str(self.path), reason=str(error)) from error


def _read(path: Path, data: bytes) -> tuple[list[Start], list[Measurement]]:
    starts: list[Start] = []
    measurements: list[Measurement] = []
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            found = json.loads(line)
            if isinstance(found, dict) and "at" in found:
                starts.append(found)
            else:
                measurements.append(Measurement.model_validate(found))
        except (ValueError, ValidationError) as error:
            reason = str(error).splitlines()[0]
            raise UNREADABLE(path=str(path), number=number, reason=reason) from error
    return starts, measurements
