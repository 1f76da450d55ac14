"""Ctrl-C and the wish to end always count, also where a library loses the exception.

An interrupt that arrives while compiled code imports is printed by that code and forgotten. So it
is repeated after a while, and at last the process ends without asking anybody.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from typing import NoReturn

from r2c.cli.exit_codes import ExitCode

AGAIN_SECONDS = 2.0
LAST_SECONDS = 5.0


def listen() -> None:
    """Watch for SIGINT beside its handler, which asyncio wants untouched; take over SIGTERM."""
    signal.signal(signal.SIGTERM, _ended)
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_insist, args=(heard,), daemon=True).start()


def leave(status: object) -> None:
    """End an interrupted process at once: threads that wait for a network are not waited for."""
    if status == ExitCode.INTERRUPTED:
        sys.stderr.flush()
        os._exit(ExitCode.INTERRUPTED)


def _insist(heard: int) -> None:
    while os.read(heard, 1) != bytes([signal.SIGINT]):
        continue
    time.sleep(AGAIN_SECONDS)
    _thread.interrupt_main()
    time.sleep(LAST_SECONDS - AGAIN_SECONDS)
    os.write(2, b"\ninterrupted\n")
    os._exit(ExitCode.INTERRUPTED)


def _ended(number: int, frame: object) -> NoReturn:
    # As an exception, so that the solver process is stopped on the way out.
    raise SystemExit(128 + number)
