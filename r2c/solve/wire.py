"""How the solver process is spoken to: a JSON head and raw numeric arrays, never pickled objects.

A message is eight bytes of length, four bytes of head length, the head, and the arrays' bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pydantic import JsonValue

Array = NDArray[Any]
_TYPES = {"float64": np.float64, "int32": np.int32}
LENGTH = struct.Struct(">Q")
_HEAD = struct.Struct(">I")


@dataclass(frozen=True)
class Message:
    """Plain fields and numeric arrays (float64 or int32, one-dimensional)."""

    fields: dict[str, JsonValue]
    arrays: Mapping[str, Array] = field(default_factory=dict)


def pack(message: Message) -> bytes:
    """A message as bytes, its length in front."""
    arrays = [(name, np.ascontiguousarray(array)) for name, array in message.arrays.items()]
    layout = [[name, str(array.dtype), int(array.size)] for name, array in arrays]
    head = json.dumps({"fields": message.fields, "arrays": layout}).encode()
    body = b"".join([_HEAD.pack(len(head)), head, *(array.tobytes() for _, array in arrays)])
    return LENGTH.pack(len(body)) + body


def unpack(body: bytes) -> Message:
    """The message in the bytes after the length.

    Raises:
        ValueError: if the bytes are no message.
    """
    (size,) = _HEAD.unpack_from(body)
    start = _HEAD.size + size
    head = json.loads(body[_HEAD.size : start])
    arrays: dict[str, Array] = {}
    for name, kind, count in head["arrays"]:
        array = np.frombuffer(body, _TYPES[kind], count, start)
        arrays[name] = array
        start += array.nbytes
    return Message(head["fields"], arrays)
