"""Reads the header of a safetensors file: eight bytes of length, then JSON; no weight is touched.

What the header says is checked against the file, so that later reads at its offsets stay inside it
(format: https://huggingface.co/docs/safetensors).
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard

from r2c.errors import InputError, declare
from r2c_training.merge.surrogates import is_text

BAD_HEADER = declare(
    "R2C-T001", InputError,
    what="{path!r} is no safetensors file that can be read: {reason}.",
    why="Its header must name every tensor with its format, shape and place in the file.",
    remedy="Fetch the file again, or write it anew with safetensors.",
)  # fmt: skip

_LONGEST = 100_000_000
_ITEM_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "U16": 2, "I16": 2, "F16": 2,
    "BF16": 2, "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
}  # fmt: skip


@dataclass(frozen=True)
class TensorEntry:
    """One tensor of a file; `begin` and `end` are offsets in the file, in bytes."""

    name: str
    form: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Header:
    """What stands before the weights of one file, and the state of the file.

    `ctime_ns` is when the system last wrote to the file or to what it keeps of it; archives and
    copies, which set `mtime_ns` back, do not set it. `inode` tells files of equal times apart.
    """

    path: Path
    tensors: tuple[TensorEntry, ...]
    file_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: str
    metadata: Mapping[str, str]


def read_header(path: Path) -> Header:
    """The header of a safetensors file, its tensors in the order of their offsets.

    Raises:
        InputError: R2C-T001.
    """
    try:
        with path.open("rb", buffering=0) as file:
            # The kernel would fetch megabytes of weights behind the header in advance.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
            state = os.fstat(file.fileno())
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(_LONGEST, state.st_size - 8):
                raise BAD_HEADER(path=str(path), reason=f"its header claims {length} bytes")
            text = _all_of(file, length)
        parsed = _parsed(path, text, state.st_size)
    except (OSError, ValueError, RecursionError) as error:
        raise BAD_HEADER(path=str(path), reason=str(error)) from error
    return replace(
        parsed, mtime_ns=state.st_mtime_ns, ctime_ns=state.st_ctime_ns, inode=state.st_ino
    )


def _all_of(file: io.FileIO, length: int) -> bytes:
    """The next bytes of a file, of which one read may hand over a part."""
    parts, wanted = [], length
    while wanted and (part := file.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


@lru_cache(maxsize=1024)
def _parsed(path: Path, text: bytes, file_bytes: int) -> Header:
    """The header in a text, without the times of its file; a plan asks for each several times."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise BAD_HEADER(path=str(path), reason="its header is no JSON object")
    metadata = document.pop("__metadata__", {})
    start = 8 + len(text)
    entries = [_entry(path, name, value, start) for name, value in document.items()]
    entries.sort(key=lambda entry: (entry.begin, entry.end))
    at = start
    for entry in entries:
        if entry.begin != at:
            raise BAD_HEADER(path=str(path), reason=f"{entry.name!r} leaves a gap or overlaps")
        at = entry.end
    if at != file_bytes:
        reason = f"the file has {file_bytes} bytes where its header speaks of {at}"
        raise BAD_HEADER(path=str(path), reason=reason)
    return Header(
        path=path,
        tensors=tuple(entries),
        file_bytes=file_bytes,
        mtime_ns=0,
        ctime_ns=0,
        inode=0,
        sha256=hashlib.sha256(text).hexdigest(),
        metadata=metadata if isinstance(metadata, dict) else {},
    )


def header_bytes(tensors: Mapping[str, tuple[str, tuple[int, ...], int]], note: str) -> bytes:
    """The start of a file that will hold `name -> (format, shape, bytes)` in that order.

    Padded with blanks to a page, so that the weights begin on one. `note` goes into the metadata.
    """
    document: dict[str, object] = {"__metadata__": {"format": "pt", "r2c_merge_plan": note}}
    at = 0
    for name, (form, shape, size) in tensors.items():
        document[name] = {"dtype": form, "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 4096)
    return len(text).to_bytes(8, "little") + text


def _entry(path: Path, name: str, value: object, start: int) -> TensorEntry:
    if not isinstance(value, dict):
        raise BAD_HEADER(path=str(path), reason=f"{name!r} is no JSON object")
    if not is_text(name):
        raise BAD_HEADER(path=str(path), reason=f"the name {name!r} is no text")
    form, shape, offsets = value.get("dtype"), value.get("shape"), value.get("data_offsets")
    if form not in _ITEM_BYTES:
        raise BAD_HEADER(path=str(path), reason=f"{name!r} has the unknown format {form!r}")
    if not (_naturals(shape) and _naturals(offsets) and len(offsets) == 2):
        raise BAD_HEADER(path=str(path), reason=f"{name!r} has no proper shape or offsets")
    begin, end = offsets
    if end - begin != math.prod(shape) * _ITEM_BYTES[form]:
        raise BAD_HEADER(path=str(path), reason=f"{name!r} has a shape unlike its size")
    return TensorEntry(name, form, tuple(shape), start + begin, start + end)


def _naturals(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)
