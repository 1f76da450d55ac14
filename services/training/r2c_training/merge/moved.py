"""Inputs of a merge that lie elsewhere since: OLD=NEW for a folder that they, or all, lay in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from r2c.errors import InputError, declare

MOVES_NOTHING = declare(
    "R2C-T142", InputError,
    what="{said!r} does not say where an input lies now: {reason}.",
    why="OLD=NEW takes the place of a folder an input lay in, or of the input's own; they lay in "
    "{folders}.",
    remedy="Write both folders as paths from the root, such as /mnt/old=/mnt/new.",
)  # fmt: skip


def moved(folders: Sequence[Path], said: Sequence[str]) -> tuple[Path, ...]:
    """Where the inputs lie now, in the order given.

    Args:
        folders: Where they lay.
        said: OLD=NEW, any number of them; of several that fit, the longest OLD counts.

    Raises:
        InputError: R2C-T142.
    """
    places: dict[Path, Path] = {}
    told = ", ".join(sorted({str(folder) for folder in folders}))
    for each in said:
        if not (pairs := _pairs(each)):
            raise MOVES_NOTHING(said=each, reason="there are no two folders in it", folders=told)
        fitting = [pair for pair in pairs if any(one.is_relative_to(pair[0]) for one in folders)]
        if not fitting:
            raise MOVES_NOTHING(said=each, reason="no input lay there", folders=told)
        old, new = fitting[0]
        places[old] = new.expanduser().absolute()
    longest = sorted(places, key=lambda place: -len(place.parts))
    now = []
    for folder in folders:
        old_place = next((place for place in longest if folder.is_relative_to(place)), None)
        now.append(
            folder if old_place is None else places[old_place] / folder.relative_to(old_place)
        )
    return tuple(now)


def _pairs(said: str) -> list[tuple[Path, Path]]:
    """All ways to read OLD=NEW; a folder's name may hold the sign."""
    signs = [place for place, sign in enumerate(said) if sign == "="]
    parts = [(said[:place], said[place + 1 :]) for place in signs]
    return [(Path(old), Path(new)) for old, new in parts if old and new]
