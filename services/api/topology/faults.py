"""Why the service cannot be put up by hand."""

from __future__ import annotations

from r2c.errors import InputError, StoreError, declare

NO_POSTGRES = declare(
    "R2C-B740", InputError,
    what="There is no program {program!r} of Postgres.",
    why="A throw-away server is made from the programs of an installed one.",
    remedy="Install it (`apt-get install postgresql`), or name its folder in R2C_POSTGRES_BIN.",
)  # fmt: skip
NOT_READY = declare(
    "R2C-B741", StoreError,
    what="{name} was not ready within {seconds:.0f} s.",
    why="It said last: {said}.",
    remedy="Correct what it says; its whole log is {log!r}.",
)  # fmt: skip
NOT_MOUNTED = declare(
    "R2C-B743", InputError,
    what="No small file system can be mounted here: {reason}.",
    why="A full disk is tried on one of a few megabytes, never on that of the machine.",
    remedy="Run it as root on Linux, or leave this trial out.",
)  # fmt: skip
