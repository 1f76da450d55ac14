"""The solver process: reads requests from its input, writes answers to its output, dies on time.

Run as `python -m r2c.solve.worker`. It imports numpy and highspy only, so that it is ready while
its parent still builds the model.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from r2c.solve.wire import LENGTH, Array, Message, pack, unpack


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.dup(1)
    # Whatever the solver prints must not get between the answers.
    os.dup2(2, 1)
    _die_with_parent()

    from r2c.solve.highs import conflict, solve

    empty = _memory_mb()
    _send(answers, Message({"kind": "ready"}))

    def improved(values: Array) -> None:
        _send(answers, Message({"kind": "improved"}, {"values": values}))

    while (request := _receive()) is not None:
        _limit_memory(empty, request.fields.get("memory_mb"))
        task = request.fields["task"]
        try:
            answer = conflict(request) if task == "conflict" else solve(request, improved)
            fields = {**answer.fields, "kind": "answer"}
            _send(answers, Message(fields, answer.arrays))
        except MemoryError:
            _limit_memory(empty, None)
            _send(answers, Message({"kind": "failure", "reason": "memory"}))
        except Exception as error:
            _send(answers, Message({"kind": "failure", "reason": "error", "text": repr(error)}))


def _send(descriptor: int, message: Message) -> None:
    left = memoryview(pack(message))
    while left:
        left = left[os.write(descriptor, left) :]


def _receive() -> Message | None:
    head = sys.stdin.buffer.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return unpack(sys.stdin.buffer.read(LENGTH.unpack(head)[0]))


def _die_with_parent() -> None:
    # A parent that is killed cannot kill its child; on Linux the kernel does.
    if sys.platform == "linux":
        import ctypes
        import signal

        set_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, signal.SIGKILL)
        if os.getppid() == 1:
            sys.exit(1)


def _memory_mb() -> float:
    status = Path("/proc/self/statm")
    if not status.exists():
        return 1024.0
    pages = int(status.read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def _limit_memory(empty: float, allowed: object) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the wall clock is the only limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = hard
    if isinstance(allowed, int | float):
        wanted = int((empty + allowed) * 2**20)
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


if __name__ == "__main__":
    main()
