"""Telling one process from another that later got its number."""

from __future__ import annotations

import subprocess
from pathlib import Path


def start_mark(pid: int) -> str | None:
    """When process `pid` started, as the system tells it; None if there is no such process.

    A process number comes back after a while; number and start together do not, so a stranger is
    never taken for the server, nor stopped in its place.
    """
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
        except OSError:
            return None
        # The name in parentheses may hold blanks; behind it: state, then 18 fields to the start.
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=10).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if not told or told[0].startswith("Z") else " ".join(told[1:])
