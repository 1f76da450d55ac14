"""JSON objects over a pipe, each behind its length, with a deadline for whoever waits."""

from __future__ import annotations

import json
import os
import select
import time
from typing import Any

HEADER = 4


class Silence(Exception):
    """The deadline passed before a whole frame came."""


class Closed(Exception):
    """The other end is gone, or what it wrote is not a frame."""


def write_frame(descriptor: int, content: dict[str, Any]) -> None:
    """Write one object.

    Raises:
        Closed: nobody reads any more.
    """
    body = json.dumps(content).encode()
    data = memoryview(len(body).to_bytes(HEADER, "big") + body)
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except OSError as error:
            raise Closed(str(error)) from error


def read_frame(descriptor: int, most: int, deadline: float | None = None) -> dict[str, Any]:
    """Read one object of at most `most` bytes.

    Raises:
        Silence: `time.monotonic()` reached `deadline` first.
        Closed: the writer ended, wrote more, or wrote something else.
    """
    size = int.from_bytes(_exactly(descriptor, HEADER, deadline), "big")
    if size > most:
        raise Closed(f"{size} bytes are more than the {most} allowed")
    try:
        content = json.loads(_exactly(descriptor, size, deadline))
    except (ValueError, RecursionError) as error:
        raise Closed("not JSON") from error
    if not isinstance(content, dict):
        raise Closed("not a JSON object")
    return content


def _exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and (left <= 0 or not select.select([descriptor], [], [], left)[0]):
            raise Silence
        try:
            piece = os.read(descriptor, size - len(data))
        except OSError as error:
            raise Closed(str(error)) from error
        if not piece:
            raise Closed("the writer ended")
        data += piece
    return bytes(data)
