"""A tiny assembler for the classic BPF programs that seccomp runs on every system call.

Straight lines only: each test skips a few instructions or falls through, so no jump can be too
long. Fields of `struct seccomp_data`: number at 0, architecture at 4, six 64-bit arguments at 16.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

ALLOW = 0x7FFF0000
KILL = 0x80000000
_ERRNO = 0x00050000

_LOAD_WORD = 0x20
_AND = 0x54
_JUMP_EQUAL = 0x15
_JUMP_NOT_BELOW = 0x35
_RETURN = 0x06


def refuse(errno: int) -> int:
    """The action that fails a system call with `errno`."""
    return _ERRNO | errno


@dataclass(frozen=True)
class ArgumentTest:
    """Whether the low half of argument `index`, masked, is one of `values`."""

    index: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


def program(
    arch: int,
    allowed: dict[int, ArgumentTest | None],
    refused: dict[int, int],
    default: int,
    ceiling: int | None,
) -> bytes:
    """Assemble an allow-list.

    Args:
        arch: AUDIT_ARCH of the only architecture whose calls are looked at; others kill.
        allowed: System call number to the test its arguments must pass, None for no test.
        refused: System call number to the errno it fails with, where that differs from `default`.
        default: Errno of every call that is not named.
        ceiling: Numbers from here on kill (x32 calls on x86_64).

    Returns:
        An array of `struct sock_filter`.
    """
    lines = [_load(4), _line(_JUMP_EQUAL, arch, 1, 0), _line(_RETURN, KILL), _load(0)]
    if ceiling is not None:
        lines += [_line(_JUMP_NOT_BELOW, ceiling, 0, 1), _line(_RETURN, KILL)]
    for number, errno in sorted(refused.items()):
        lines += [_line(_JUMP_EQUAL, number, 0, 1), _line(_RETURN, refuse(errno))]
    for number, test in sorted(allowed.items()):
        body = [_line(_RETURN, ALLOW)] if test is None else _tested(test, default)
        lines += [_line(_JUMP_EQUAL, number, 0, len(body)), *body]
    lines.append(_line(_RETURN, refuse(default)))
    return b"".join(lines)


def _tested(test: ArgumentTest, default: int) -> list[bytes]:
    lines = [_load(16 + 8 * test.index), _line(_AND, test.mask)]
    for value in test.values:
        lines += [_line(_JUMP_EQUAL, value, 0, 1), _line(_RETURN, ALLOW)]
    return [*lines, _line(_RETURN, refuse(default))]


def _load(offset: int) -> bytes:
    return _line(_LOAD_WORD, offset)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
