"""The memory of a server with all processes that it started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def held_by(pid: int, proc: Path = _PROC) -> int | None:
    """Bytes that a process and its descendants hold; what they share is counted once.

    None where the system does not tell: there is no /proc, or the process is another user's.
    """
    try:
        return sum(_share(proc / str(each)) for each in [pid, *_below(pid, _parents(proc))])
    except OSError:
        return None


def _share(folder: Path) -> int:
    text = (folder / "smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return 1024 * int(found[1]) if found else 0


def _parents(proc: Path) -> dict[int, int]:
    """The parent of every process that is there."""
    found = {}
    for path in proc.glob("[0-9]*/stat"):
        try:
            told = path.read_text("utf-8", errors="replace")
        except OSError:  # it has just ended
            continue
        # The name in parentheses may hold blanks; behind it: state, parent.
        found[int(path.parent.name)] = int(told.rpartition(")")[2].split()[1])
    return found


def _below(pid: int, parents: dict[int, int]) -> Iterator[int]:
    for child, parent in parents.items():
        if parent == pid:
            yield child
            yield from _below(child, parents)
