"""Why a trial says no."""

from __future__ import annotations

from r2c.errors import R2CError, declare

BROKEN = declare(
    "R2C-B742", R2CError,
    what="The trial {name!r} found a promise broken: {first}.",
    why="It found {count:fault} in all.",
    remedy="Look at the logs in {folder!r}, and begin again with the same seed.",
)  # fmt: skip
