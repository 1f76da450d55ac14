"""A line chart as SVG: the goal over the values of a change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from r2c.cli.keep import write_file
from r2c.cli.streams import visible
from r2c.errors import InputError, declare
from r2c.supposition import Scenarios

NOTHING_TO_DRAW = declare(
    "R2C-X119", InputError,
    what="There is nothing to draw in {path!r}: {problem}.",
    why="A chart shows the goal over several values of one change.",
    remedy="Give a change several values, as in `capacity = 80..120 step 10`.",
)  # fmt: skip

Point = tuple[float, float | None]
"""A value and the goal that it gives, None where there is no plan."""

WIDTH, HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 24, 44, 64
_TICKS = 6
_LINE, _INK, _FAINT, _STOP = "#1f5fa8", "#222222", "#dddddd", "#b03030"


def drawn(table: Scenarios, path: str) -> str:
    """Write the chart of a table of scenarios; a line that says so.

    Raises:
        InputError: R2C-X119, no value has a goal.
        StoreError: R2C-X110, the file cannot be written.
    """
    points = [(row.value, row.objective) for row in table.rows]
    if all(goal is None for _, goal in points):
        raise NOTHING_TO_DRAW(path=path, problem="none of the values has a plan with a goal")
    name = table.meaning or "goal"
    label = f"{name} ({table.unit})" if table.unit else name
    return write_file(
        Path(path), line_chart(points, table.about, label, f"{name} by {table.about}")
    )


def line_chart(points: Sequence[Point], across: str, up: str, title: str) -> str:
    """The chart as one SVG document.

    Args:
        points: In any order; those without a goal are crosses on the axis and break the line.
        across: What the horizontal axis shows.
        up: What the vertical axis shows.
        title: What stands above.
    """
    ordered = sorted(points, key=lambda point: point[0])
    goals = [goal for _, goal in ordered if goal is not None]
    wide = _Axis.over([value for value, _ in ordered], _LEFT, WIDTH - _RIGHT)
    tall = _Axis.over(goals or [0.0], HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13" '
        f'fill="{_INK}">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _words(WIDTH / 2, 24, title, size=15),
        *_grid(wide, tall),
        _words((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 16, across),
        _words(20, (_TOP + HEIGHT - _BOTTOM) / 2, up, turned=True),
        *_lines(ordered, wide, tall),
        *_marks(ordered, wide, tall),
        *_key(ordered),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Axis:
    """Values laid along a stretch of the page, with round numbers as ticks."""

    def __init__(self, low: float, high: float, step: float, start: float, end: float) -> None:
        self.low, self.high, self.step = low, high, step
        self._start, self._end = start, end

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> _Axis:
        """The axis that has room for all values."""
        low, high = min(values), max(values)
        if high - low <= 1e-12 * max(1.0, abs(high)):  # one value stands in the middle
            room = max(1.0, abs(high)) / 10
            low, high = low - room, high + room
        step = _round_step((high - low) / _TICKS)
        return cls(math.floor(low / step) * step, math.ceil(high / step) * step, step, start, end)

    def place(self, value: float) -> float:
        """Where a value stands on the page, in pixels."""
        share = (value - self.low) / (self.high - self.low)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[float]:
        """The round numbers along the axis."""
        count = round((self.high - self.low) / self.step)
        return [self.low + place * self.step for place in range(count + 1)]


def _round_step(wanted: float) -> float:
    """The next larger of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * by for by in (1, 2, 5, 10) if power * by >= wanted * (1 - 1e-9))


def _grid(wide: _Axis, tall: _Axis) -> Iterator[str]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    for tick in tall.ticks():
        y = tall.place(tick)
        yield _stroke(_LEFT, y, right, y, _FAINT)
        yield _words(_LEFT - 8, y + 4, f"{tick:.10g}", anchor="end")
    for tick in wide.ticks():
        x = wide.place(tick)
        yield _stroke(x, bottom, x, bottom + 5, _INK)
        yield _words(x, bottom + 20, f"{tick:.10g}")
    yield _stroke(_LEFT, bottom, right, bottom, _INK)
    yield _stroke(_LEFT, _TOP, _LEFT, bottom, _INK)


def _lines(points: Sequence[Point], wide: _Axis, tall: _Axis) -> Iterator[str]:
    """One line for each run of values that have plans."""
    run: list[str] = []
    for value, goal in (*points, (0.0, None)):
        if goal is not None:
            run.append(f"{wide.place(value):.1f},{tall.place(goal):.1f}")
            continue
        if len(run) > 1:
            told = " ".join(run)
            yield f'<polyline points="{told}" fill="none" stroke="{_LINE}" stroke-width="2"/>'
        run = []


def _key(points: Sequence[Point]) -> Iterator[str]:
    """What the crosses mean, if there are any."""
    if any(goal is None for _, goal in points):
        yield _words(WIDTH - _RIGHT, _TOP - 8, "× no plan keeps all rules", anchor="end")


def _marks(points: Sequence[Point], wide: _Axis, tall: _Axis) -> Iterator[str]:
    for value, goal in points:
        x = wide.place(value)
        if goal is not None:
            told = _text(f"{value:.10g}: {goal:.10g}")
            yield (
                f'<circle cx="{x:.1f}" cy="{tall.place(goal):.1f}" r="4" fill="{_LINE}">'
                f"<title>{told}</title></circle>"
            )
        else:
            y = HEIGHT - _BOTTOM - 10
            told = _text(f"{value:.10g}: no plan")
            yield (
                f'<path d="M{x - 5:.1f} {y - 5}l10 10m0 -10l-10 10" stroke="{_STOP}" '
                f'stroke-width="2"><title>{told}</title></path>'
            )


def _stroke(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _words(
    x: float, y: float, text: str, *, anchor: str = "middle", turned: bool = False, size: int = 13
) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{turn}>'
        f"{_text(text)}</text>"
    )


def _text(text: str) -> str:
    # XML 1.0 has no way to write most control characters; they are shown as a sign.
    return escape(visible(" ".join(text.split())))
