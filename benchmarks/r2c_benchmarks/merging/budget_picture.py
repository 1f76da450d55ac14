"""What a byte budget costs and saves: error over budget, and wall time against mergekit's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from pydantic import JsonValue

Point = tuple[float, float]
Row = Mapping[str, JsonValue]
Panel = tuple[str, Mapping[str, Sequence[Point]]]
"""A title, and lines by name."""

_SIDE, _LEFT, _TOP, _GAP = 280, 60, 44, 84
_COLOURS = (
    "#2563eb",
    "#c2410c",
    "#15803d",
    "#7e22ce",
    "#0e7490",
    "#b91c1c",
    "#a16207",
    "#475569",
    "#db2777",
    "#65a30d",
    "#1e3a8a",
    "#78350f",
)
_STYLE = (
    "<style>svg{font:12px system-ui,sans-serif;background:#fff;color:#1f2937}"
    "text{fill:currentColor}.grid{stroke:#e5e7eb}.line{fill:none;stroke-width:2}"
    "@media(prefers-color-scheme:dark){svg{background:#111827;color:#e5e7eb}"
    ".grid{stroke:#374151}}</style>"
)


def picture(rows: Sequence[Row]) -> str:
    """Error and wall time of measured merges, a line for each method on each number of experts."""
    return squares(
        ("Error, share of the merge's update", _lines(rows, "error / update")),
        ("Wall time of mergekit over ours", _lines(rows, "mergekit wall / ours")),
        "Error and wall time of merges over the byte budget",
    )


def squares(first: Panel, second: Panel, label: str) -> str:
    """Two squares in one SVG, with the same lines by name in both."""
    names = list(first[1])
    width, height = _LEFT + 2 * _SIDE + _GAP + 24, _TOP + _SIDE + 52 + 18 * -(-len(names) // 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">',
        _STYLE,
        *_square(_LEFT, *first),
        *_square(_LEFT + _SIDE + _GAP, *second),
    ]
    for at, name in enumerate(names):
        x, y = _LEFT + (at % 2) * (_SIDE + _GAP), _TOP + _SIDE + 52 + 18 * (at // 2)
        colour = _COLOURS[at % len(_COLOURS)]
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{x + 20}" y="{y + 6}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _lines(rows: Sequence[Row], figure: str) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for row in rows:
        if row["by"] != "r2c direct":
            continue
        value = row.get(figure)
        line = found.setdefault(
            f"{row['method']}, {row['experts']} experts of {row['model MB']} MB", []
        )
        budget = str(row["budget"])
        share = 1.0 if budget == "all" else float(budget.removesuffix("%")) / 100
        if isinstance(value, int | float) and value > 0:  # the full merge has no error
            line.append((share, float(value)))
    return found


def _square(left: int, title: str, lines: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    """Both axes are logarithmic: budgets from 5% on, values between powers of two or ten."""
    values = [value for points in lines.values() for _, value in points] or [1.0]
    grain = 10.0 if max(values) / min(values) > 64 else 2.0
    low = math.floor(math.log(min(values), grain) + 1e-9)
    high = max(math.ceil(math.log(max(values), grain) - 1e-9), low + 1)

    def across(share: float) -> float:
        return left + _SIDE * (1 + math.log(share) / math.log(20))

    def up(value: float) -> float:
        return _TOP + _SIDE * (high - math.log(value, grain)) / (high - low)

    yield f'<text x="{left}" y="20" font-weight="600">{escape(title)}</text>'
    for power in range(low, high + 1):
        y = up(grain**power)
        yield f'<line class="grid" x1="{left}" x2="{left + _SIDE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{grain**power:.3g}</text>'
    for share in (0.05, 0.1, 0.25, 0.5, 1.0):
        x = across(share)
        yield (f'<text x="{x:.1f}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{share:.0%}</text>')
    yield (
        f'<text x="{left + _SIDE / 2}" y="{_TOP + _SIDE + 32}" text-anchor="middle">'
        "bytes of experts read</text>"
    )
    for at, points in enumerate(lines.values()):
        colour = _COLOURS[at % len(_COLOURS)]
        places = [(across(share), up(value)) for share, value in sorted(points)]
        path = " L".join(f"{x:.1f},{y:.1f}" for x, y in places)
        if places:
            yield f'<path class="line" stroke="{colour}" d="M{path}"/>'
        for x, y in places:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
