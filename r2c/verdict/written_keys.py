"""Labels in brackets as people write them, with or without quotation marks."""

from __future__ import annotations

import re

from r2c.cir.write import number

_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^,"']+?))\s*(?:,|$)""")
_BARE = re.compile(r"[A-Za-z_]\w*|-?\d+(?:\.\d+)?|\*")


def split_keys(text: str) -> tuple[str, ...] | None:
    """The labels between commas, without their quotation marks; None if they cannot be told."""
    labels: list[str] = []
    place = 0
    while place < len(text):
        found = _PART.match(text, place)
        if found is None:
            return None
        labels.append(next(part for part in found.groups() if part is not None).strip())
        place = found.end()
    return tuple(labels)


def written(name: str, keys: tuple[object, ...]) -> str:
    """A symbol with its keys, as it may be typed: `demand["New York"]`."""
    return f"{name}[{', '.join(map(_quoted, keys))}]" if keys else name


def _quoted(key: object) -> str:
    text = number(key) if isinstance(key, float) else str(key)
    return text if _BARE.fullmatch(text) else f'"{text}"'
