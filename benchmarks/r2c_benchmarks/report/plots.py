"""The other pictures of a report, as SVG: what was spent, and confidence beside accuracy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from r2c_evaluation.intervals import wilson

_WIDTH, _LABEL, _ROW, _TOP = 640, 190, 30, 26
_SCALE = _WIDTH - _LABEL - 190
_SIDE, _LEFT, _HEAD = 230, 52, 34
_BINS, _FEWEST = 5, 4
COLOURS = ("c0", "c1", "c2", "c3", "c4", "c5")
"""Classes of the style sheet, a colour for each method."""


def amounts(rows: Sequence[tuple[str, float, str]], title: str) -> str:
    """Horizontal bars from nothing to the largest amount.

    Args:
        rows: Label, amount and how it is told.
        title: What is shown.
    """
    height = _TOP + _ROW * len(rows) + 8
    most = max((amount for _, amount, _ in rows), default=0.0) or 1.0
    parts = _head(_WIDTH, height, title)
    for place, (label, amount, told) in enumerate(rows):
        y = _TOP + _ROW * place + _ROW / 2
        width = _SCALE * amount / most
        parts += [
            f'<text x="{_LABEL - 10}" y="{y + 4}" class="label">{escape(label)}</text>',
            f'<rect x="{_LABEL}" y="{y - 8}" width="{width:.1f}" height="16" class="bar"/>',
            f'<text x="{_LABEL + width + 6:.1f}" y="{y + 4}" class="told">{escape(told)}</text>',
        ]
    return "\n".join([*parts, "</svg>"])


def reliability(by_method: Mapping[str, Sequence[tuple[float, bool]]], title: str) -> str:
    """The share of right answers over the confidence, in bins of equally many answers.

    Args:
        by_method: Confidence of each answer and whether it is right; nothing is drawn of a method
            with few of them.
        title: What is shown.
    """
    width, height = _WIDTH, _HEAD + _SIDE + 42
    parts = _head(width, height, title)
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = _LEFT + share * _SIDE, _HEAD + _SIDE * (1 - share)
        parts += [
            f'<line x1="{_LEFT}" x2="{_LEFT + _SIDE}" y1="{y}" y2="{y}" class="grid"/>',
            f'<text x="{_LEFT - 6}" y="{y + 4}" class="label">{share:.0%}</text>',
            f'<text x="{x}" y="{_HEAD + _SIDE + 16}" class="tick">{share:.0%}</text>',
        ]
    parts += [
        f'<line x1="{_LEFT}" x2="{_LEFT + _SIDE}" y1="{_HEAD + _SIDE}" y2="{_HEAD}" class="grid"/>',
        f'<text x="{_LEFT + _SIDE / 2}" y="{_HEAD + _SIDE + 34}" class="tick">confidence</text>',
    ]
    for place, (name, found) in enumerate(by_method.items()):
        colour = COLOURS[place % len(COLOURS)]
        at = _HEAD + 14 + 20 * place
        parts += [
            f'<rect x="{_LEFT + _SIDE + 24}" y="{at - 8}" width="12" height="8" class="{colour}"/>',
            f'<text x="{_LEFT + _SIDE + 44}" y="{at}" class="told">{escape(name)}, '
            f"{len(found)} answers</text>",
            *_dots(found, colour),
        ]
    return "\n".join([*parts, "</svg>"])


def _dots(found: Sequence[tuple[float, bool]], colour: str) -> list[str]:
    parts = []
    for part in _bins(found):
        confidence = sum(value for value, _ in part) / len(part)
        right = sum(is_right for _, is_right in part)
        low, high = wilson(right, len(part))
        x = _LEFT + confidence * _SIDE
        top, bottom = (_HEAD + _SIDE * (1 - share) for share in (high, low))
        y = _HEAD + _SIDE * (1 - right / len(part))
        parts += [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" class="whisker"/>',
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" class="{colour}"><title>{right} of '
            f"{len(part)} right at {confidence:.0%}</title></circle>",
        ]
    return parts


def _bins(found: Sequence[tuple[float, bool]]) -> list[Sequence[tuple[float, bool]]]:
    ordered = sorted(found)
    count = min(_BINS, len(ordered) // _FEWEST)
    size = math.ceil(len(ordered) / count) if count else 1
    if not count:
        return []
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def _head(width: int, height: int, title: str) -> list[str]:
    return [
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {width} {height}" '
        'xmlns="http://www.w3.org/2000/svg" class="bars">',
        f'<text x="0" y="16" class="title">{escape(title)}</text>',
    ]
