"""How much one program may use, and the privileges taken from it."""

from __future__ import annotations

import resource
from dataclasses import dataclass

from r2c_benchmarks.sandbox.machine import syscall

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one program. Address space includes what the libraries map at the start.

    `file_bytes` bounds each file; `tmp_bytes` all of them, where namespaces are permitted.
    """

    wall_seconds: float = 62.0
    cpu_seconds: int = 62
    memory_bytes: int = 2048 * MEGABYTE
    file_bytes: int = 16 * MEGABYTE
    tmp_bytes: int = 64 * MEGABYTE
    output_bytes: int = 32 * MEGABYTE
    open_files: int = 64
    processes: int = 32


@dataclass(frozen=True)
class ModelLimits:
    """How large the model of a program may be; `entries` are its coefficients."""

    text_bytes: int = 16 * MEGABYTE
    rows: int = 200_000
    columns: int = 200_000
    entries: int = 1_000_000

    def exceeded(self, rows: int, columns: int, entries: int) -> str | None:
        """Which limit a model of this size goes beyond, in words; None if it keeps them all."""
        for name, size, most in (
            ("rows", rows, self.rows),
            ("columns", columns, self.columns),
            ("coefficients", entries, self.entries),
        ):
            if size > most:
                return f"the model has {size} {name}, more than {most}"
        return None


def apply(limits: Limits) -> None:
    """Set the limits of this process, never to be raised again."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def drop_privileges() -> None:
    """Give up every capability, gain none later, and be closed to debuggers."""
    header = (0x20080522).to_bytes(4, "little") + bytes(4)  # version 3, this process
    syscall("capset", header, bytes(24))
    syscall("prctl", 38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    syscall("prctl", 4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def die_with_parent() -> None:
    """Be killed as soon as the parent process ends."""
    syscall("prctl", 1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG, SIGKILL
