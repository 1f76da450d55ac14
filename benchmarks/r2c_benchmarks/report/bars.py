"""The pictures of a report, as SVG: what share was right, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LABEL, _ROW, _TOP = 640, 190, 30, 26
_SCALE = _WIDTH - _LABEL - 60


@dataclass(frozen=True)
class Bar:
    """A share with the ends of its interval, all between 0 and 1; `told` stands at its end.

    A share without an interval has no whisker.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    told: str


def bars(rows: Sequence[Bar], title: str) -> str:
    """Horizontal bars with whiskers over a scale of per cent."""
    height = _TOP + _ROW * len(rows) + 24
    parts = [
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_WIDTH} {height}" '
        'xmlns="http://www.w3.org/2000/svg" class="bars">',
        f'<text x="0" y="16" class="title">{escape(title)}</text>',
    ]
    bottom = _TOP + _ROW * len(rows)
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = _x(share)
        parts.append(f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}" class="grid"/>')
        parts.append(f'<text x="{x}" y="{bottom + 16}" class="tick">{share:.0%}</text>')
    for place, row in enumerate(rows):
        y = _TOP + _ROW * place + _ROW / 2
        parts += [
            f'<text x="{_LABEL - 10}" y="{y + 4}" class="label">{escape(row.label)}</text>',
            f'<rect x="{_LABEL}" y="{y - 8}" width="{_x(row.value) - _LABEL:.1f}" height="16" '
            'class="bar"/>',
            _whisker(row, y),
            f'<text x="{_x(max(row.high or 0.0, row.value)) + 6:.1f}" y="{y + 4}" class="told">'
            f"{escape(row.told)}</text>",
        ]
    return "\n".join([*parts, "</svg>"])


def _whisker(row: Bar, y: float) -> str:
    if row.low is None or row.high is None:
        return ""
    ends = f'x1="{_x(row.low):.1f}" x2="{_x(row.high):.1f}" y1="{y}" y2="{y}"'
    return f'<line {ends} class="whisker"/>'


def _x(share: float) -> float:
    return _LABEL + _SCALE * share
