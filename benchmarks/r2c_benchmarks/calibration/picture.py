"""Risk over coverage, and confidence beside accuracy: two squares in one SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

_SIDE, _LEFT, _TOP, _GAP = 240, 52, 40, 76
_COLOURS = ("#2563eb", "#c2410c", "#15803d", "#7e22ce")
_STYLE = (
    "<style>svg{font:12px system-ui,sans-serif;background:#fff;color:#1f2937}"
    "text{fill:currentColor}.grid{stroke:#e5e7eb}.line{fill:none;stroke-width:2}"
    "@media(prefers-color-scheme:dark){svg{background:#111827;color:#e5e7eb}"
    ".grid{stroke:#374151}}</style>"
)


def picture(risk: Mapping[str, Points], reliability: Mapping[str, Points]) -> str:
    """The picture of some groups of answers, a colour each.

    Args:
        risk: By group, (share of answers kept, share of wrong ones among them).
        reliability: By group, (mean confidence, share of right ones) of bins.
    """
    width = _LEFT + 2 * _SIDE + _GAP + 24
    height = _TOP + _SIDE + 46 + 18 * len(risk)
    highest = max((wrong for points in risk.values() for _, wrong in points), default=0.0)
    top = next(step for step in (0.1, 0.2, 0.3, 0.5, 1.0) if highest <= step)
    second = _LEFT + _SIDE + _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="Share of wrong answers over the share kept, and accuracy over confidence">',
        _STYLE,
        *_axes(_LEFT, "Wrong among the most confident", "share of answers kept", top),
        *_axes(second, "Right at this confidence", "confidence", 1.0),
        f'<path class="grid" d="M{second},{_TOP + _SIDE} L{second + _SIDE},{_TOP}"/>',
    ]
    for place, name in enumerate(risk):
        colour = _COLOURS[place % len(_COLOURS)]
        parts += [
            _line(_LEFT, risk[name], top, colour),
            _line(second, reliability[name], 1.0, colour, dots=True),
            f'<rect x="{_LEFT}" y="{height - 18 * (len(risk) - place)}" width="12" height="4" '
            f'fill="{colour}"/>',
            f'<text x="{_LEFT + 20}" y="{height - 18 * (len(risk) - place) + 6}">'
            f"{escape(name)}</text>",
        ]
    return "\n".join([*parts, "</svg>\n"])


def _axes(left: int, title: str, below: str, top: float) -> list[str]:
    parts = [f'<text x="{left}" y="20" font-weight="600">{escape(title)}</text>']
    for part in (0.0, 0.5, 1.0):
        x, y = left + part * _SIDE, _TOP + _SIDE * (1 - part)
        parts += [
            f'<line class="grid" x1="{left}" x2="{left + _SIDE}" y1="{y}" y2="{y}"/>',
            f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{part * top:.0%}</text>',
            f'<text x="{x}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{part:.0%}</text>',
        ]
    middle = left + _SIDE / 2
    where = f'x="{middle}" y="{_TOP + _SIDE + 32}" text-anchor="middle"'
    return [*parts, f"<text {where}>{escape(below)}</text>"]


def _line(left: int, points: Points, top: float, colour: str, *, dots: bool = False) -> str:
    places = [(left + x * _SIDE, _TOP + _SIDE * (1 - y / top)) for x, y in points]
    path = " L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    line = f'<path class="line" stroke="{colour}" d="M{path}"/>'
    circles = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    return "".join([line, *(circles if dots else ())])
