"""The failures that the page alone detects."""

from __future__ import annotations

from r2c.errors import InputError, declare

FROM_ANOTHER_SITE = declare(
    "R2C-B700", InputError,
    what="The request comes from a page that is not one of this service.",
    why="Only its own pages may act in the name of whoever is signed in here.",
    remedy="Open the page of the service itself and try again there.",
)  # fmt: skip
NO_SUCH_FILE = declare(
    "R2C-B701", InputError,
    what="The page has no file {name!r}.",
    why="It has a fixed list of files, and looks nowhere else.",
    remedy="Reload the page; it may be of an earlier version.",
)  # fmt: skip
NO_SUCH_EXAMPLE = declare(
    "R2C-B702", InputError,
    what="There is no example {name!r}.",
    why="The page has a fixed list of examples.",
    remedy="Choose one of {known}.",
)  # fmt: skip
NOT_A_NUMBER = declare(
    "R2C-B703", InputError,
    what="{given!r} is no number.",
    why="What becomes different is told by a number.",
    remedy="Write it with digits, as in 120 or 2.5.",
)  # fmt: skip
NO_ANSWER_GIVEN = declare(
    "R2C-B704", InputError,
    what="None of the questions has an answer.",
    why="The formulation goes on with what is answered.",
    remedy="Fill in at least one.",
)  # fmt: skip
