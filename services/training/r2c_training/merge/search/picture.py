"""The scores of a search as SVG: a square for each axis, all points, and the best at each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from r2c_training.merge.search.axes import Axis
from r2c_training.merge.search.points_file import Done

_SIDE, _LEFT, _TOP, _GAP, _ROOM = 260, 84, 44, 96, 30
_STYLE = (
    "<style>svg{font:12px system-ui,sans-serif;background:#fff;color:#1f2937}"
    "text{fill:currentColor}.grid{stroke:#e5e7eb}.line{fill:none;stroke:#2563eb;stroke-width:2}"
    ".dot{fill:#2563eb}.other{fill:#94a3b8}"
    "@media(prefers-color-scheme:dark){svg{background:#111827;color:#e5e7eb}"
    ".grid{stroke:#374151}}</style>"
)


def picture(axes: Sequence[Axis], done: Sequence[Done]) -> str:
    """One SVG document; `done` is in order, the best first."""
    scored = [each for each in done if each.score is not None]
    width = _LEFT + len(axes) * (_SIDE + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_TOP + _SIDE + 50}" '
        'role="img" aria-label="Scores of a search, by what was varied">',
        _STYLE,
    ]
    for at, axis in enumerate(axes):
        parts += _square(_LEFT + at * (_SIDE + _GAP), axis, scored)
    return "\n".join([*parts, "</svg>\n"])


def _square(left: int, axis: Axis, scored: Sequence[Done]) -> Iterator[str]:
    scores = [each.score for each in scored if each.score is not None] or [0.0]
    low, high = min(scores), max(scores)
    span = (high - low) or 1.0

    def across(at: int) -> float:
        inner = _SIDE - 2 * _ROOM
        return left + _ROOM + inner * (at / (len(axis.values) - 1) if len(axis.values) > 1 else 0.5)

    def up(score: float) -> float:
        return _TOP + _SIDE - _ROOM - (_SIDE - 2 * _ROOM) * (score - low) / span

    yield f'<text x="{left}" y="20" font-weight="600">{escape(axis.name)}</text>'
    for score in sorted({low, high}):
        y = up(score)
        yield f'<line class="grid" x1="{left}" x2="{left + _SIDE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{score:.4g}</text>'
    best = []
    for at, value in enumerate(axis.values):
        x = across(at)
        label = f"{value:g}" if isinstance(value, float) else str(value)
        yield (
            f'<text x="{x:.1f}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{escape(label)}</text>'
        )
        here = [each for each in scored if each.values[axis.name] == value]
        for number, each in enumerate(here):
            assert each.score is not None
            y = up(each.score)
            if number == 0:
                best.append((x, y))
            else:
                yield f'<circle class="other" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    if best:
        path = " L".join(f"{x:.1f},{y:.1f}" for x, y in best)
        yield f'<path class="line" d="M{path}"/>'
    for x, y in best:
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    yield (
        f'<text x="{left + _SIDE / 2}" y="{_TOP + _SIDE + 34}" text-anchor="middle">'
        "line: the best at each value</text>"
    )
