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
    output_bytes: int = MEGABYTE
    open_files: int = 64
    processes: int = 32


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
