"""Runs a command that ends with the process that started it: `python -I tied.py PARENT WORDS...`.

A server that outlives a killed parent would keep the GPU's memory, and nobody would know its
number. Linux sends the signal; elsewhere the parent's own clean-up is all there is.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1


def main() -> None:
    """Ask for the signal, make sure that the parent is still there, become the command."""
    parent, *words = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit("the process that started this one has ended")
    try:
        os.execv(words[0], words)
    except OSError as error:
        sys.exit(f"{words[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
