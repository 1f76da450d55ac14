"""Places that are written to and cannot be: told as what they are, not as a fault of R2C."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from r2c.errors import StoreError, declare

UNWRITABLE = declare(
    "R2C-T141", StoreError,
    what="{path!r} cannot be written: {reason}.",
    why="What is asked for goes there.",
    remedy="Give a place in a folder that is there and that you may write to.",
)  # fmt: skip


@contextmanager
def told_if_unwritable(path: Path) -> Iterator[None]:
    """Turn what the system says of a place into a declared failure.

    Raises:
        StoreError: R2C-T141.
    """
    try:
        yield
    except OSError as error:
        raise UNWRITABLE(path=str(path), reason=error.strerror or str(error)) from error
