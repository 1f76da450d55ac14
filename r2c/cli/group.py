"""The root of the commands: whatever goes wrong below it leaves as three sentences and a status.

Usage errors, R2C's own failures, a reader that went away, Ctrl-C and faults of R2C are told here
once, so that no command has to.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from r2c.cli.exit_codes import ExitCode, code_of_error

if TYPE_CHECKING:
    from r2c.errors import Fault


class Root(TyperGroup):
    """A group of commands that turns failures into messages and exit statuses."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; in standalone mode the process ends with the exit status."""
        arguments = list(sys.argv[1:] if args is None else args)
        if not standalone_mode:
            return super().main(arguments, prog_name, complete_var, False, **extra)
        sys.exit(self._status(arguments, prog_name, complete_var, extra))

    def _status(
        self,
        arguments: list[str],
        prog_name: str | None,
        complete_var: str | None,
        extra: dict[str, Any],
    ) -> int:
        as_json = "--json" in arguments
        try:
            status = super().main(arguments, prog_name, complete_var, False, **extra)
            sys.stdout.flush()
        except BrokenPipeError:
            return _reader_gone()
        except SystemExit as ended:
            # How typer leaves when the reader of its own output, such as help, went away.
            if isinstance(ended.__context__, BrokenPipeError):
                return _reader_gone()
            raise
        except (KeyboardInterrupt, typer.Abort):
            return _interrupted()
        except Exception as error:
            return _failed(error, as_json)
        if status == ExitCode.INTERRUPTED:  # typer made Ctrl-C into a status
            return _interrupted()
        return status if isinstance(status, int) else ExitCode.ANSWERED


def _failed(error: Exception, as_json: bool) -> int:
    from r2c.errors import R2CError

    if os.environ.get("R2C_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, R2CError):
        _tell(error.fault, as_json)
        return code_of_error(error)
    from r2c.cli.faults import INTERNAL, USAGE

    if hasattr(error, "format_message"):  # what typer raises for a command line it cannot read
        context = getattr(error, "ctx", None)
        command = getattr(context, "command_path", None) or "r2c"
        usage = context.get_usage().strip() if context is not None else "r2c COMMAND"
        problem = str(error.format_message()) or "No command was given."
        _tell(
            USAGE.fault(
                problem=problem, usage=" ".join(usage.split()).rstrip("."), command=command
            ),
            as_json,
        )
        return ExitCode.USAGE
    _tell(INTERNAL.fault(kind=type(error).__name__, text=str(error).rstrip(".")), as_json)
    return ExitCode.INTERNAL


def _tell(fault: Fault, as_json: bool) -> None:
    from r2c.cli.render.fault import show_fault
    from r2c.cli.streams import errors, write_json

    try:
        if as_json:
            write_json({"error": fault.model_dump(mode="json")})
        show_fault(errors(), fault)
    except BrokenPipeError:
        _reader_gone()


def _interrupted() -> int:
    sys.stderr.write("\ninterrupted\n")
    return ExitCode.INTERRUPTED


def _reader_gone() -> int:
    """Nobody reads on; keep the interpreter from failing once more when it flushes at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return ExitCode.BROKEN_PIPE
    return ExitCode.BROKEN_PIPE
