"""Why a trial says no, or could not be made."""

from __future__ import annotations

from r2c.errors import InputError, R2CError, declare

BROKEN = declare(
    "R2C-B742", R2CError,
    what="The trial {name!r} found a promise broken: {first}.",
    why="It found {count:fault} in all.",
    remedy="Look at the logs in {folder!r}, and begin again with the same seed.",
)  # fmt: skip
NOT_MOUNTED = declare(
    "R2C-B743", InputError,
    what="No small file system can be mounted here: {reason}.",
    why="A full disk is tried on one of a few megabytes, never on that of the machine.",
    remedy="Run it as root on Linux, or leave this trial out.",
)  # fmt: skip
