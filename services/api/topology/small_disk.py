"""A file system of a few megabytes that can be filled to the last byte, and emptied again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from topology.faults import NOT_MOUNTED

_CHUNK = 4096


class SmallDisk:
    """A mounted file system; whoever fills it also frees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / ".filler"

    def fill(self) -> None:
        """Leave no room."""
        with self._filler.open("ab", buffering=0) as file:
            chunk = b"\0" * _CHUNK
            try:
                while chunk:
                    if file.write(chunk) < len(chunk):
                        return
            except OSError:
                return

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A file system in memory at a folder, until the end of the block.

    Raises:
        InputError: R2C-B743, this user or this system cannot mount one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    except OSError as error:
        raise NOT_MOUNTED(reason=error.strerror or str(error)) from None
    if done.returncode:
        raise NOT_MOUNTED(reason=" ".join(done.stderr.split()).rstrip(".") or "it was refused")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False, timeout=30)
