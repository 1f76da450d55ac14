"""What a request says, as JSON that reads the same again.

Readers of JSON take `1e999` for an infinite number, and writers make null of it: what was accepted
so could never be read back.
"""

from __future__ import annotations

import json
from typing import cast

from pydantic import BaseModel, JsonValue

from r2c_api.faults import MALFORMED

_DEEPEST = 100
"""Levels of lists and objects; what writes JSON takes some 200."""


def plain(said: BaseModel) -> JsonValue:
    """A request as JSON values.

    Raises:
        InputError: R2C-B601, it is nested too deeply, or holds a number that is none in JSON.
    """
    try:
        found = said.model_dump()
    except (ValueError, RecursionError):
        raise MALFORMED(problem="it is nested too deeply", count=1) from None
    written(found)
    return cast("JsonValue", found)


def written(said: object) -> str:
    """Values as the text of JSON, the keys in order.

    Raises:
        InputError: R2C-B601, as `plain`.
    """
    _bound(said)
    try:
        return json.dumps(said, sort_keys=True, ensure_ascii=False, allow_nan=False)
    except ValueError:
        problem = "a number is not finite (NaN, Infinity, or larger than numbers can be)"
        raise MALFORMED(problem=problem, count=1) from None


def more_values_than(most: int, said: object) -> bool:
    """Whether JSON values are more than so many, those in lists and objects counted."""
    count, left = 0, [said]
    while left and count <= most:
        item = left.pop()
        count += 1
        if isinstance(item, dict | list):
            left += item.values() if isinstance(item, dict) else item
    return count > most


def _bound(said: object) -> None:
    level = [said] if isinstance(said, dict | list | tuple) else []
    for _ in range(_DEEPEST):
        held = (item.values() if isinstance(item, dict) else item for item in level)
        level = [item for items in held for item in items if isinstance(item, dict | list | tuple)]
        if not level:
            return
    raise MALFORMED(problem="it is nested too deeply", count=1)
