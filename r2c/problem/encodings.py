"""Finds out in which encoding a file of text is written; two in one file are refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from r2c.problem.faults import MIXED_ENCODINGS, UNDECODABLE

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def decode(path: Path, content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252.

    Raises:
        InputError: R2C-P019, naming the byte that fits no encoding; R2C-P024, naming the first
            byte that is not UTF-8 in a file that is UTF-8 elsewhere.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif content.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif content[:200].count(0) > len(content[:200]) // 4:
        encodings = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8", "cp1252"]
    offset = 0
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            offset = error.start
            if encoding == "utf-8":
                _refuse_two_encodings(path, content, offset)
            continue
        control = _CONTROL.search(text)
        if control is None:
            return text
        offset = len(text[: control.start()].encode(encoding))
        break
    byte = f"0x{content[min(offset, len(content) - 1)]:02x}"
    raise UNDECODABLE(path=str(path), byte=byte, offset=offset)


def _refuse_two_encodings(path: Path, content: bytes, offset: int) -> None:
    """Refuses a file with characters in UTF-8 that is not UTF-8 at `offset`.

    Read as Windows-1252, each of its other letters with an accent would become two wrong ones. A
    file that is wholly Windows-1252 has next to never a run of bytes that UTF-8 could have.
    """
    if content.decode("utf-8", "ignore").isascii():
        return
    before = content[:offset] + b"."  # a byte after the last line break, so that its line counts
    raise MIXED_ENCODINGS(
        path=str(path),
        byte=f"0x{content[offset]:02x}",
        line=len(before.splitlines()),
        offset=offset,
    )
