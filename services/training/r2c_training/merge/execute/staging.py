"""The hidden folder beside the output in which a merge grows until it is published in one step.

It holds the plan, the journal, a lock that dies with its process, and `files`, which a rename turns
into the output.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import InputError, StoreError, declare
from r2c_training.merge.plan.plan import Plan
from r2c_training.merge.plan.plan_file import plan_bytes, read_plan
from r2c_training.merge.surrogates import is_text
from r2c_training.merge.writable import UNWRITABLE, told_if_unwritable

IN_USE = declare(
    "R2C-T031", StoreError,
    what="Another process is merging into {output!r}.",
    why="Two runs would write to the same files; the lock in {staging!r} is held.",
    remedy="Wait until it is done, or give another output.",
)  # fmt: skip
OTHER_MERGE = declare(
    "R2C-T032", StoreError,
    what="A merge by another plan was begun for {output!r}.",
    why="{staging!r} holds plan {begun}, this one is {wanted}.",
    remedy="Finish it with `r2c merge resume`, delete that folder, or give another output.",
)  # fmt: skip
OUTPUT_EXISTS = declare(
    "R2C-T033", StoreError,
    what="{output!r} is there already and was not made by this plan.",
    why="A merge replaces nothing.",
    remedy="Give another output, or move that one away.",
)  # fmt: skip
NOTHING_BEGUN = declare(
    "R2C-T034", StoreError,
    what="There is no merge into {output!r} that could go on.",
    why="{staging!r} is not there or holds no plan of this version.",
    remedy="Start one with `r2c merge run`.",
)  # fmt: skip
DISK_FULL = declare(
    "R2C-T035", StoreError,
    what="The disk is full: {path!r} needs {bytes} bytes.",
    why="Space for all weights is taken before the first block; nothing was published.",
    remedy="Make room and call `r2c merge resume`, or give an output on another disk.",
)  # fmt: skip
INPUTS_CHANGED = declare(
    "R2C-T037", StoreError,
    what="Models that {output!r} is merged from have changed, or were moved or replaced by copies, "
    "since the merge began.",
    why="Blocks that are merged already may come from other weights; nothing was published.",
    remedy="Delete {staging!r} and merge anew.",
)  # fmt: skip
_AT_ONCE = 8


@dataclass(frozen=True)
class Staging:
    """The staging folder of one output."""

    output: Path

    @property
    def folder(self) -> Path:
        """The hidden folder."""
        return self.output.parent / f".{self.output.name}.r2c-merge"

    @property
    def files(self) -> Path:
        """What becomes the output."""
        return self.folder / "files"

    @property
    def journal(self) -> Path:
        """Which blocks are written."""
        return self.folder / "journal"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of this output.

        Raises:
            StoreError: R2C-T031, R2C-T141.
        """
        if not is_text(str(self.output)):
            raise UNWRITABLE(path=repr(self.output), reason="its path is no UTF-8")
        path = self.folder / "lock"
        with told_if_unwritable(self.output):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IN_USE(output=str(self.output), staging=str(self.folder)) from error
            if not _is_there(lock, path):  # another run took the folder away since it was opened
                raise IN_USE(output=str(self.output), staging=str(self.folder))
            try:
                yield
            finally:
                # Of a merge that was refused before it began nothing stays.
                if self.folder.is_dir() and list(self.folder.iterdir()) == [path]:
                    shutil.rmtree(self.folder)
        finally:
            os.close(lock)

    def plan(self) -> Plan | None:
        """The plan that was begun, if any."""
        try:
            return read_plan(self.folder / "plan.json")
        except InputError:
            return None

    def begin(self, plan: Plan, inputs: Sequence[str]) -> None:
        """Keep the plan and what its inputs are known by, so that the run can go on after a crash.

        Raises:
            StoreError: R2C-T032 another merge was begun here, R2C-T037 with other inputs.
        """
        begun, known = self.plan(), self.folder / "inputs.json"
        if begun is None:
            shutil.rmtree(self.files, ignore_errors=True)
            self.journal.unlink(missing_ok=True)
            write_durably(known, json.dumps(list(inputs)).encode())
            write_durably(self.folder / "plan.json", plan_bytes(plan))
        elif begun.hash != plan.hash:
            raise OTHER_MERGE(
                output=str(self.output),
                staging=str(self.folder),
                begun=begun.hash[:16],
                wanted=plan.hash[:16],
            )
        self.require(inputs)
        self.files.mkdir(exist_ok=True)

    def require(self, inputs: Sequence[str]) -> None:
        """See that the inputs are those that the merge was begun with.

        Raises:
            StoreError: R2C-T037.
        """
        known = json.loads((self.folder / "inputs.json").read_bytes())
        if known != list(inputs):
            raise INPUTS_CHANGED(output=str(self.output), staging=str(self.folder))

    def publish(self) -> None:
        """Turn the staged files into the output, in one step that survives a loss of power.

        Raises:
            StoreError: R2C-T033 something else has appeared there meanwhile.
        """
        sync_folder(self.files)
        try:
            self.files.rename(self.output)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
            raise OUTPUT_EXISTS(output=str(self.output)) from error
        sync_folder(self.output.parent)

    def clear(self) -> None:
        """Delete what is no longer needed; the plan last, so that a crash leaves a clear state."""
        self.journal.unlink(missing_ok=True)
        (self.folder / "plan.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder)


def _is_there(file: int, path: Path) -> bool:
    """Whether an open file is still the one at its path."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def disk_full_told(path: Path, size: int) -> Iterator[None]:
    """Turn the system's "no space left" into a declared failure.

    Raises:
        StoreError: R2C-T035.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DISK_FULL(path=str(path), bytes=size) from error


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that after a crash it holds all of `data` or is not there."""
    beside = path.with_name(f".{path.name}.new")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        os.fsync(file)
    finally:
        os.close(file)
    beside.rename(path)
    sync_folder(path.parent)


def sync_files(folder: Path) -> None:
    """Wait until all files of a folder are on the disk; they are waited for at once."""

    def sync(path: Path) -> None:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(sync, sorted(folder.iterdir())))


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
