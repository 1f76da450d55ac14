"""How programs of a language model would be confined on this machine, for `r2c doctor`."""

from __future__ import annotations

from r2c_benchmarks.sandbox.box import Sandbox


def level() -> str:
    """The layers of the sandbox, in words.

    Raises:
        SolveError: R2C-B001 where no sandbox is possible, R2C-B002 if it does not start.
    """
    with Sandbox() as sandbox:
        return f"programs of the baselines are confined by {sandbox.start()}"
