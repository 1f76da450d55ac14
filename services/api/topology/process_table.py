"""What the system says about a process: memory, open files, threads, children (Linux)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Footprint:
    """What a process holds; memory in megabytes (10^6 bytes)."""

    memory_mb: float
    files: int
    threads: int
    children: int


def footprint(pid: int) -> Footprint:
    """What a process holds now."""
    folder = Path("/proc") / str(pid)
    status = dict(
        line.split(":", 1) for line in (folder / "status").read_text("utf-8").splitlines()
    )
    children = sum(
        len(path.read_text("utf-8").split()) for path in (folder / "task").glob("*/children")
    )
    return Footprint(
        memory_mb=int(status["VmRSS"].split()[0]) * 1024 / 1e6,
        files=len(list((folder / "fd").iterdir())),
        threads=int(status["Threads"]),
        children=children,
    )
