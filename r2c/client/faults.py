"""The failures that the client itself detects."""

from __future__ import annotations

from r2c.errors import Fault, InputError, R2CError, StoreError, declare

UNREACHABLE = declare(
    "R2C-X800", StoreError,
    what="The service at {url!r} does not answer: {reason}.",
    why="It was asked {attempts:time}.",
    remedy="Start it with `r2c serve`, or correct the address.",
)  # fmt: skip
NOT_THE_SERVICE = declare(
    "R2C-X801", StoreError,
    what="{url!r} answered with {status}, but not as R2C does: {said!r}.",
    why="A proxy or another program answers there.",
    remedy="Check the address and what lies between.",
)  # fmt: skip
NOT_IN_TIME = declare(
    "R2C-X802", StoreError,
    what="The job {job!r} has not ended after {seconds:.0f} s; it is {state}.",
    why="That was the time to wait; the job itself goes on.",
    remedy="Wait again with a longer time, or cancel it.",
)  # fmt: skip
CANCELLED = declare(
    "R2C-X803", InputError,
    what="The job {job!r} was cancelled.",
    why="Somebody asked for it, so there is no answer.",
    remedy="Submit the problem anew, if it is still wanted.",
)  # fmt: skip
NO_PANDAS = declare(
    "R2C-X804", InputError,
    what="pandas is not installed.",
    why="A table of values as a DataFrame needs it.",
    remedy="Install `rule2constraint[frames]`, or use `solution.values`.",
)  # fmt: skip
NO_VALUES = declare(
    "R2C-X805", InputError,
    what="The solution has no {name!r}.",
    why="It has values of {known}.",
    remedy="Take one of them.",
)  # fmt: skip
NO_SUCH_TITLE = declare(
    "R2C-X806", InputError,
    what="There is data for {title!r}, and no problem of that title.",
    why="Data of many problems is given by their titles; they are {known}.",
    remedy="Correct the title.",
)  # fmt: skip


class JobFailed(R2CError):
    """A job that came to no answer; the fault is that of the job."""


class ServiceError(R2CError):
    """What the service answered instead of what was asked; `status` is that of HTTP."""

    def __init__(self, fault: Fault, status: int) -> None:
        super().__init__(fault)
        self.status = status
