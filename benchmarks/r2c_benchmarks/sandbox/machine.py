"""What the kernel interface is called on this machine: system call numbers and a typed door.

Python's standard library has no wrapper for most of these calls. Numbers are from the kernel's
`syscall_64.tbl` (x86_64) and `asm-generic/unistd.h` (aarch64).
"""

from __future__ import annotations

import ctypes
import os
import platform
from functools import cache
from typing import Final

_X86_64 = """
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11
brk 12 rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19
writev 20 access 21 select 23 sched_yield 24 mremap 25 madvise 28 dup 32 dup2 33 nanosleep 35
getpid 39 clone 56 exit 60 uname 63 fcntl 72 flock 73 fsync 74 fdatasync 75 truncate 76
ftruncate 77 getcwd 79 chdir 80 fchdir 81 rename 82 mkdir 83 rmdir 84 unlink 87 readlink 89
umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100 getuid 102 getgid 104
geteuid 107 getegid 108 getppid 110 capset 126 sigaltstack 131 pivot_root 155 prctl 157
arch_prctl 158 mount 165 umount2 166 gettid 186 futex 202 sched_getaffinity 204 getdents64 217
set_tid_address 218 restart_syscall 219 clock_gettime 228 clock_getres 229 clock_nanosleep 230
exit_group 231 tgkill 234 openat 257 mkdirat 258 newfstatat 262 unlinkat 263 renameat 264
readlinkat 267 faccessat 269 pselect6 270 ppoll 271 unshare 272 set_robust_list 273 dup3 292
pipe2 293 pipe 22 prlimit64 302 getcpu 309 seccomp 317 renameat2 316 getrandom 318 membarrier 324
statx 332 rseq 334 clone3 435 close_range 436 faccessat2 439 landlock_create_ruleset 444
landlock_add_rule 445 landlock_restrict_self 446
"""
_AARCH64 = """
getcwd 17 dup 23 dup3 24 fcntl 25 ioctl 29 flock 32 mkdirat 34 unlinkat 35 renameat 38 umount2 39
mount 40 pivot_root 41 truncate 45 ftruncate 46 faccessat 48 chdir 49 fchdir 50 openat 56 close 57
pipe2 59 getdents64 61 lseek 62 read 63 write 64 readv 65 writev 66 pread64 67 pwrite64 68
pselect6 72 ppoll 73 readlinkat 78 newfstatat 79 fstat 80 fsync 82 fdatasync 83 capset 91 exit 93
exit_group 94 set_tid_address 96 unshare 97 futex 98 set_robust_list 99 nanosleep 101
clock_gettime 113 clock_getres 114 clock_nanosleep 115 sched_getaffinity 123 sched_yield 124
restart_syscall 128 tgkill 131 sigaltstack 132 rt_sigaction 134 rt_sigprocmask 135
rt_sigreturn 139 times 153 uname 160 getrlimit 163 getrusage 165 umask 166 prctl 167 getcpu 168
gettimeofday 169 getpid 172 getppid 173 getuid 174 geteuid 175 getgid 176 getegid 177 gettid 178
sysinfo 179 brk 214 munmap 215 mremap 216 clone 220 mmap 222 mprotect 226 madvise 233
prlimit64 261 renameat2 276 seccomp 277 getrandom 278 membarrier 283 statx 291 rseq 293
clone3 435 close_range 436 faccessat2 439 landlock_create_ruleset 444 landlock_add_rule 445
landlock_restrict_self 446
"""
_TABLES: Final = {"x86_64": _X86_64, "aarch64": _AARCH64}
AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


@cache
def syscall_numbers() -> dict[str, int]:
    """Name to number on this machine; empty on a processor that is not known here."""
    words = _TABLES.get(platform.machine(), "").split()
    return {name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)}


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def syscall(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call.

    Raises:
        OSError: with the kernel's reason.
    """
    words = [
        ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments
    ]
    ctypes.set_errno(0)
    result: int = _libc().syscall(ctypes.c_long(syscall_numbers()[name]), *words)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
