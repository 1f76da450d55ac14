"""`r2c merge search` on the terminal: a line for each point, a table, a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from r2c.errors import InputError, declare
from r2c_training.merge.search.axes import Axis
from r2c_training.merge.search.picture import picture
from r2c_training.merge.search.points_file import Done
from r2c_training.merge.search.search import Found

NO_SCORE = declare(
    "R2C-T057", InputError,
    what="None of {count} merges has a score; the command's last words: {problem}",
    why="A search compares the numbers that the scoring command prints last.",
    remedy="Run the command by hand on a merged model and see that a number is its last word.",
)  # fmt: skip


def tell_point(done: Done) -> None:
    """One point that was scored, on standard error."""
    score = f"{done.score:g}" if done.score is not None else f"no score: {done.problem}"
    typer.echo(f"{_values(done)}: {score} ({done.seconds:.1f} s)", err=True)


def tell_found(found: Found, axes: Sequence[Axis], folder: Path, as_json: bool) -> None:
    """All points, the best first, and where the best merge lies.

    Raises:
        InputError: R2C-T057 if no point has a score.
    """
    if found.points and found.points[0].score is None:
        raise NO_SCORE(count=len(found.points), problem=found.points[0].problem)
    drawn = folder / "search.svg"
    drawn.write_text(picture(axes, found.points), encoding="utf-8")
    if as_json:
        best = None if found.best is None else str(found.best)
        points = [done.model_dump(mode="json") for done in found.points]
        told = {"best": best, "elsewhere": found.elsewhere, "points": points}
        typer.echo(json.dumps(told | {"picture": str(drawn)}))
        return
    for line in _table(found.points, axes):
        typer.echo(line)
    if found.elsewhere:
        typer.echo(f"Other processes are at {found.elsewhere} points; run it again for the best.")
    else:
        typer.echo(f"The best is {found.best}, its recipe {folder / 'best.yaml'}; {drawn}.")


def _table(points: Sequence[Done], axes: Sequence[Axis]) -> Iterator[str]:
    rows = [["score", *(axis.name for axis in axes)]]
    for done in points:
        score = "none" if done.score is None else f"{done.score:.6g}"
        rows.append([score, *(_word(done.values[axis.name]) for axis in axes)])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def _values(done: Done) -> str:
    return ", ".join(f"{name} {_word(value)}" for name, value in done.values.items())


def _word(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
