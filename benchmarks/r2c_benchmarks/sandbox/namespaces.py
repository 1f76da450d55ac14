"""Own user, process, network, IPC, host-name and mount namespaces, and a root with almost nothing.

The new root holds read-only binds of the paths that a program needs and one small tmpfs. It needs
no privilege where unprivileged user namespaces are permitted.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from r2c_benchmarks.sandbox.machine import syscall

_NEW = 0x10000000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000 | 0x00020000
_READ_ONLY, _NO_SUID, _NO_DEV, _NO_EXEC = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 32, 4096, 16384, 1 << 18
_DETACH = 2
_NOBODY = 65534


def enter(readable: Iterable[Path], workplace: Path, tmpfs_bytes: int) -> int:
    """Move into new namespaces; the process number counts only for what is forked from here.

    Args:
        readable: Paths that stay visible, read-only, under their own names.
        workplace: An empty folder to build the new root on; the program sees `/tmp` only.
        tmpfs_bytes: Most bytes that `/tmp` can hold.

    Returns:
        In the process that goes on (number 1 of its namespace), 0; in the one that stays
        outside to wait for it, its number.

    Raises:
        OSError: the system does not permit one of the steps.
    """
    user, group = os.geteuid(), os.getegid()
    syscall("unshare", _NEW)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} {group} 1")
    _new_root(readable, workplace, tmpfs_bytes)
    return os.fork()


def _new_root(readable: Iterable[Path], root: Path, tmpfs_bytes: int) -> None:
    _mount("none", "/", None, _RECURSIVE | _PRIVATE)
    _mount("tmpfs", root, "tmpfs", _NO_SUID | _NO_DEV, "size=1m,mode=755")
    for path in readable:
        if path.exists():
            _bind(path, root / path.relative_to("/"))
    (root / "tmp").mkdir(exist_ok=True)
    flags = _NO_SUID | _NO_DEV | _NO_EXEC
    _mount("tmpfs", root / "tmp", "tmpfs", flags, f"size={tmpfs_bytes},mode=700")
    os.chdir(root)
    # Old root stacked on the new one, then dropped: no folder needed to put it.
    syscall("pivot_root", b".\0", b".\0")
    syscall("umount2", b".\0", _DETACH)
    os.chdir("/")
    _mount("none", "/", None, _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEV)


def _bind(path: Path, place: Path) -> None:
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    _mount(path, place, None, _BIND | _RECURSIVE)
    # A user namespace may not clear flags that the outer mount has, so they are repeated.
    outer = os.statvfs(place).f_flag & (_NO_SUID | _NO_DEV | _NO_EXEC)
    _mount("none", place, None, _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | outer)


def _mount(
    source: str | Path, target: str | Path, kind: str | None, flags: int, options: str = ""
) -> None:
    syscall(
        "mount",
        os.fsencode(source) + b"\0",
        os.fsencode(target) + b"\0",
        None if kind is None else os.fsencode(kind) + b"\0",
        flags,
        os.fsencode(options) + b"\0" if options else None,
    )
