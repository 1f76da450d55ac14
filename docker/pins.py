"""Prints the lines of a lock file that belong to some packages, with their hashes.

    python docker/pins.py lock/dev.txt psycopg psycopg-binary

The image needs a few packages more than `lock/runtime.txt` has, in the versions that were tested.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_PIN = re.compile(r"^([a-z0-9-]+)==")


def pins(text: str, names: Iterable[str]) -> Iterator[str]:
    """The blocks of a lock file that pin these packages.

    Raises:
        KeyError: the file does not pin one of them.
    """
    blocks: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if found := _PIN.match(line):
            current = blocks.setdefault(found[1], [])
        current.append(line)
    for name in names:
        yield from blocks[name]


if __name__ == "__main__":
    lock = Path(sys.argv[1]).read_text(encoding="utf-8")
    sys.stdout.write("\n".join(pins(lock, sys.argv[2:])) + "\n")
