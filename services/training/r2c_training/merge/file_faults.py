"""Files that the system refuses: told as what they are, not as a fault of R2C."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from r2c.errors import StoreError, declare

REFUSED = declare(
    "R2C-T143", StoreError,
    what="{path!r} cannot be used: {reason}.",
    why="It belongs to a model, to the store or to the output, and the system refuses it.",
    remedy="See that you may read the models, and write to store and output; then run the same "
    "command again.",
)  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")


def told(command: Callable[P, R]) -> Callable[P, R]:
    """A command that turns what the system says of a file into a declared failure, R2C-T143."""

    @wraps(command)
    def run(*given: P.args, **named: P.kwargs) -> R:
        try:
            return command(*given, **named)
        except BrokenPipeError:  # who reads the output has gone
            raise
        except OSError as error:
            path = error.filename if error.filename is not None else "a file"
            raise REFUSED(path=str(path), reason=error.strerror or str(error)) from error

    return run
