"""What can be merged: a model folder or an adapter folder, and what it is known by.

A source is known for now by the places, sizes, times and headers of its files (`identity`), and for
good by the hashes of their bytes (`content`), which do not depend on where it lies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from r2c_training.merge.adapter import Adapter, is_adapter, open_adapter
from r2c_training.merge.checkpoint.checkpoint import Checkpoint
from r2c_training.merge.checkpoint.header import Header
from r2c_training.merge.checkpoint.stack import open_model

Source = Checkpoint | Adapter


def open_source(folder: Path) -> Source:
    """Read the headers of a model or of an adapter.

    Raises:
        InputError: R2C-T001 to R2C-T003, R2C-T006, R2C-T052.
    """
    return open_adapter(folder) if is_adapter(folder) else open_model(folder)


def files_of(source: Source) -> tuple[Header, ...]:
    """The files that hold its weights."""
    return source.shards if isinstance(source, Checkpoint) else (source.file,)


def identity(source: Source) -> str:
    """What tells it from others and from what stood in its place before.

    Its place is part of it: experts of one family have equal sizes and headers, and equal times
    where an archive or an image has set them. The time at which the system last changed a file is
    too, and its number: bytes may be other ones at the same size and a time that was set back, and
    files of equal times may have changed places.
    """
    files: JsonValue = [
        [
            str(file.path.resolve()),
            file.file_bytes,
            file.mtime_ns,
            file.ctime_ns,
            file.inode,
            file.sha256,
        ]
        for file in files_of(source)
    ]
    return canonical_hash([files, _settings(source)])


def header_identity(source: Source) -> str:
    """What is the same for its copies elsewhere: sizes and headers, no times."""
    files: JsonValue = [[file.path.name, file.file_bytes, file.sha256] for file in files_of(source)]
    return canonical_hash([files, _settings(source)])


def content_of(source: Source, file_hashes: Sequence[str]) -> str:
    """Its hash, from the SHA-256 of each of its files in order."""
    names = [file.path.name for file in files_of(source)]
    return canonical_hash(
        [[list(pair) for pair in zip(names, file_hashes, strict=True)], _settings(source)]
    )


def canonical_json(value: JsonValue) -> bytes:
    """The one way to write a JSON value: sorted keys, no blanks, no infinities."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def canonical_hash(value: JsonValue) -> str:
    """SHA-256 of `canonical_json`."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _settings(source: Source) -> JsonValue:
    """What beside the weights changes what a source adds: an adapter's scales, a stack's order."""
    if isinstance(source, Checkpoint):
        return [list(each) for each in source.stacked] or None
    return {name: update.scale for name, update in source.updates.items()}
