"""The system calls that a numerical Python program needs, and the filter that refuses the rest.

No new process, no new program, no socket, no signal to others, no look into other processes, no
new namespace or mount, no key ring, no io_uring: none of them is on the list.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform

from r2c_benchmarks.sandbox.bpf import ArgumentTest, program
from r2c_benchmarks.sandbox.machine import AUDIT_ARCH, syscall, syscall_numbers

PLAIN = """
read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction
rt_sigprocmask rt_sigreturn pread64 pwrite64 readv writev access select sched_yield mremap madvise
dup dup2 dup3 nanosleep getpid exit uname flock fsync fdatasync truncate ftruncate getcwd
chdir fchdir rename mkdir rmdir unlink readlink umask gettimeofday getrlimit getrusage sysinfo
times getuid getgid geteuid getegid getppid sigaltstack gettid futex sched_getaffinity getdents64
set_tid_address restart_syscall clock_gettime clock_getres clock_nanosleep exit_group openat
mkdirat newfstatat unlinkat renameat readlinkat faccessat pselect6 ppoll set_robust_list pipe
pipe2 getcpu renameat2 getrandom membarrier statx rseq close_range faccessat2
""".split()
_THREAD = 0x00010000
_NEW_NAMESPACES = 0x7E020000
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1031, 1032)
"""Descriptors, their flags, locks and pipe sizes, but nothing that sends a signal to an owner."""
_TERMINAL_QUESTIONS = (0x5401, 0x541B, 0x5450, 0x5451)  # TCGETS FIONREAD FIONCLEX FIOCLEX
_SET_NAME, _GET_NAME = 15, 16
_ARCH_SET_FS, _ARCH_GET_FS = 0x1002, 0x1003
_NO_NEW_PRIVILEGES = 38
_FILTER_MODE = 1


def available() -> bool:
    """Whether this kernel takes seccomp filters and the processor is known here."""
    if platform.machine() not in AUDIT_ARCH or "seccomp" not in syscall_numbers():
        return False
    action = ctypes.create_string_buffer((0x00050000).to_bytes(4, "little"), 4)
    try:
        syscall("seccomp", 2, 0, action)  # SECCOMP_GET_ACTION_AVAIL of SECCOMP_RET_ERRNO
    except OSError:
        return False
    return True


def filter_program() -> bytes:
    """The filter for the calling process, whose number it contains."""
    numbers = syscall_numbers()
    allowed: dict[int, ArgumentTest | None] = {
        numbers[name]: None for name in PLAIN if name in numbers
    }
    tested = {
        "clone": ArgumentTest(0, (_THREAD,), mask=_THREAD | _NEW_NAMESPACES),
        "fcntl": ArgumentTest(1, _FCNTL),
        "ioctl": ArgumentTest(1, _TERMINAL_QUESTIONS),
        "prctl": ArgumentTest(0, (_SET_NAME, _GET_NAME)),
        "arch_prctl": ArgumentTest(0, (_ARCH_SET_FS, _ARCH_GET_FS)),
        "prlimit64": ArgumentTest(0, (0,)),
        "tgkill": ArgumentTest(0, (os.getpid(),)),  # abort() raises its signal this way
    }
    allowed |= {numbers[name]: test for name, test in tested.items() if name in numbers}
    machine = platform.machine()
    return program(
        AUDIT_ARCH[machine],
        allowed,
        # The C library falls back to `clone`, whose flags a filter can see.
        {numbers["clone3"]: errno.ENOSYS},
        errno.EPERM,
        0x40000000 if machine == "x86_64" else None,
    )


def install() -> None:
    """Filter every thread of this process, for good.

    Raises:
        OSError: the kernel refused.
    """
    code = filter_program()
    held = ctypes.create_string_buffer(code, len(code))
    described = (len(code) // 8).to_bytes(8, "little") + ctypes.addressof(held).to_bytes(
        8, "little"
    )
    syscall("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    syscall("seccomp", _FILTER_MODE, 1, described)  # 1: all threads of the process
