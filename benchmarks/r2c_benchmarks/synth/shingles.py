"""Whether a text shares a run of words with a problem that something is measured on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from r2c_benchmarks.items import BAD_FILE

LENGTH = 8
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")


def shingles(text: str) -> Iterator[bytes]:
    """Hashes of all runs of eight words; case and punctuation do not count."""
    words = _WORD.findall(text.lower())
    for start in range(len(words) - LENGTH + 1):
        run = " ".join(words[start : start + LENGTH])
        yield hashlib.blake2b(run.encode(), digest_size=8).digest()


def bench_shingles(folder: Path) -> frozenset[bytes]:
    """Those of all problems in the `.jsonl` files of a folder.

    Raises:
        InputError: R2C-B011, a line is no problem.
    """
    found: set[bytes] = set()
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                found.update(shingles(str(json.loads(line)["problem"])))
            except (ValueError, KeyError, TypeError) as error:
                raise BAD_FILE(path=str(path), reason=f"line {number}: {error}") from error
    return frozenset(found)


def shares(text: str, known: Iterable[bytes]) -> bool:
    """Whether a text has a run of eight words in common with them."""
    known = known if isinstance(known, frozenset) else frozenset(known)
    return any(one in known for one in shingles(text))
