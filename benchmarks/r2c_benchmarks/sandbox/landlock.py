"""Landlock: the files this process may still reach, and no TCP and no signals to others.

Works without privileges (kernel 5.13 on); newer kernels confine more, and every right that the
running kernel knows is taken away.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from r2c_benchmarks.sandbox.machine import syscall, syscall_numbers

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM = (1 << n for n in (6, 9, 10, 11, 12))
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_READ = _READ_FILE | _READ_DIR
KEEPS_WHAT_IS_THERE = 3
"""The first version that keeps files from being emptied (kernel 6.2), which opening them can do."""
_SPECIAL = _EXECUTE | _MAKE_CHAR | _MAKE_SOCK | _MAKE_FIFO | _MAKE_BLOCK | _MAKE_SYM


def version() -> int:
    """The version of Landlock that the kernel offers, 0 for none."""
    if "landlock_create_ruleset" not in syscall_numbers():
        return 0
    try:
        return syscall("landlock_create_ruleset", None, 0, 1)
    except OSError:
        return 0


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Leave this process only these paths and what lies below them, for good.

    `writable` may be read too; nothing may be executed. The caller must have set
    no-new-privileges. Paths that do not exist are left out.

    Raises:
        OSError: the kernel refused.
    """
    offered = version()
    handled = sum(bits for since, bits in _RIGHTS_BY_VERSION.items() if since <= offered)
    network = 3 if offered >= 4 else 0  # bind and connect
    scopes = 3 if offered >= 6 else 0  # abstract sockets and signals
    ruleset = b"".join(word.to_bytes(8, "little") for word in (handled, network, scopes))
    size = 24 if offered >= 6 else 16 if offered >= 4 else 8
    descriptor = syscall("landlock_create_ruleset", ruleset, size, 0)
    try:
        for path in readable:
            _permit(descriptor, path, handled & _READ)
        for path in writable:
            _permit(descriptor, path, handled & ~_SPECIAL)
        syscall("landlock_restrict_self", descriptor, 0)
    finally:
        os.close(descriptor)


def _permit(descriptor: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not path.is_dir():
            rights &= _ON_FILES
        rule = rights.to_bytes(8, "little") + opened.to_bytes(4, "little")
        syscall("landlock_add_rule", descriptor, 1, rule, 0)
    finally:
        os.close(opened)
