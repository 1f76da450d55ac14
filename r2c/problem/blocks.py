"""Cuts a text into blocks: paragraphs, list items and headings, whatever the line wrapping.

A line break inside a block is a wrapped line; everything that layout separates (blank lines,
bullets, headings, `key: value` lines, rules of dashes) starts a new block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLET = re.compile(r"[ \t]*[-*•◦▪‣·–][ \t]+(?=\S)")
_NUMBERED = re.compile(
    r"[ \t]*(?:\*\*)?\(?(?:(?P<number>\d{1,3})|[a-zA-Z]|[ivx]{2,4})[.)][ \t]+(?=\S)"
)
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]*(?=\S)")
_SECTION_NUMBER = re.compile(r"[ \t]*\d{1,2}(?:\.\d{1,3})+[ \t]+(?=[A-Z])")
_KEY_LINE = re.compile(r"[ \t]*[A-Za-z][\w ]{0,30}(?::[ \t]+\S|[ \t]*=[ \t]*\S)")
_SPELLED = re.compile(r"\w")
_WRAPPED = 50
"""A line at least this long was probably wrapped by an editor, not ended by its writer."""


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str


def split_blocks(text: str) -> list[tuple[int, int]]:
    """The `[start, end)` ranges of the blocks, without list markers and heading signs."""
    blocks: list[tuple[int, int]] = []
    opened: int | None = None
    previous = _Line(0, 0, "")
    marker = 0
    for line in _lines(text):
        if opened is not None and not _joins(previous, line, marker):
            blocks.append((opened, previous.end))
            opened = None
        if opened is None and _SPELLED.search(line.text):
            opened = line.start + _marker_length(line.text)
            marker = _number(line.text)
        previous = line
    if opened is not None:
        blocks.append((opened, previous.end))
    return blocks


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for content in text.split("\n"):
        lines.append(_Line(start, start + len(content), content))
        start += len(content) + 1
    return lines


def _marker_length(line: str) -> int:
    for pattern in (_HEADING, _BULLET, _NUMBERED, _SECTION_NUMBER):
        if match := pattern.match(line):
            return match.end()
    return 0


def _number(line: str) -> int:
    match = _NUMBERED.match(line)
    return int(match.group("number") or 0) if match else 0


def _joins(previous: _Line, line: _Line, marker: int) -> bool:
    """Whether `line` carries on the paragraph that `previous` belongs to."""
    before = previous.text.rstrip()
    if not _SPELLED.search(line.text) or before.endswith(":") or _HEADING.match(before):
        return bool(re.search(r"[\])}]", line.text)) and before.endswith((",", "[", "("))
    if _BULLET.match(line.text) or _HEADING.match(line.text) or _SECTION_NUMBER.match(line.text):
        return False
    if _NUMBERED.match(line.text):
        return _wrapped_number(before, line.text, marker)
    if _KEY_LINE.match(line.text) and not (len(before) >= _WRAPPED and "=" not in line.text):
        return False
    wrapped = len(before) >= _WRAPPED or before.endswith((",", ";", "-", "("))
    return wrapped or not line.text.lstrip()[:1].isupper()


def _wrapped_number(before: str, line: str, marker: int) -> bool:
    """Whether `10. The next` only looks like a list item because a sentence was wrapped there."""
    number = _number(line)
    ends_open = bool(re.search(r"[A-Za-z,]$", before))
    return number > 1 and number != marker + 1 and ends_open and len(before) >= _WRAPPED
