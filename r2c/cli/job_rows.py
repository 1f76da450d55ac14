"""Jobs on disk as rows of a table, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from r2c.cli.streams import plain
from r2c.pipeline.jobs import Job

if TYPE_CHECKING:
    from pydantic import JsonValue

_LONGEST = 100


def show_jobs(console: Console, jobs: Sequence[Job]) -> None:
    """One job a line; the words take the room that is left."""
    longest = max((len(job.id) for job in jobs), default=0)
    for job in jobs:
        began = job.began.astimezone().strftime("%Y-%m-%d %H:%M")
        told = f"  {began}  {job.state:<11}  {_amount(job.size):>8}  {first_words(job.text)}"
        line = Text.assemble((job.id.ljust(longest), "bold"), plain(told))
        line.truncate(console.width, overflow="ellipsis")
        line.rstrip()
        console.print(line, soft_wrap=True)


def as_json(job: Job) -> dict[str, JsonValue]:
    """A job as JSON; `bytes` is its size."""
    return {
        "id": job.id,
        "began": job.began.isoformat(timespec="seconds"),
        "state": job.state,
        "bytes": job.size,
        "words": first_words(job.text),
    }


def first_words(text: str) -> str:
    """The beginning of a text on one line."""
    words = " ".join(text[: 4 * _LONGEST].split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _amount(size: int) -> str:
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size} B"
