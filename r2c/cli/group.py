"""The root of the commands: whatever goes wrong below it leaves as three sentences and a status.

Usage errors, R2C's own failures, a reader that went away, Ctrl-C and faults of R2C are told here
once, so that no command has to.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from r2c.cli.exit_codes import ExitCode, code_of_error

if TYPE_CHECKING:
    from r2c.errors import Fault


class AfterAnswer(Exception):
    """What its cause is raised as once the answer stands on standard output.

    The failure is then told on standard error alone: with `--json` there is one object.
    """


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
            status = self._ended(arguments, prog_name, complete_var, extra)
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
        except AfterAnswer as late:
            cause = late.__cause__
            return _failed(cause if isinstance(cause, Exception) else late, False)
        except Exception as error:
            return _failed(error, as_json)
        if status == ExitCode.INTERRUPTED:  # typer made Ctrl-C into a status
            return _interrupted()
        return status if isinstance(status, int) else ExitCode.ANSWERED

    def _ended(
        self,
        arguments: list[str],
        prog_name: str | None,
        complete_var: str | None,
        extra: dict[str, Any],
    ) -> object:
        """How the command ended; who gives no command where one is due is shown the help."""
        try:
            return super().main(arguments, prog_name, complete_var, False, **extra)
        except Exception as error:
            # By its name, as typer does: the class has no public home. Its message is the help.
            if type(error).__name__ != "NoArgsIsHelpError":
                raise
            typer.echo(str(error))
            return ExitCode.ANSWERED


def _failed(error: Exception, as_json: bool) -> int:
    from r2c.errors import R2CError

    if os.environ.get("R2C_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, R2CError):
        _tell(error.fault, as_json)
        return code_of_error(error)
    from r2c.cli.extras import extra_of
    from r2c.cli.faults import INTERNAL, NOT_INSTALLED, NOT_WRITTEN, USAGE

    if isinstance(error, OSError) and (reason := _output_fails()):
        full = NOT_WRITTEN(path="standard output", reason=reason)
        _tell(full.fault, as_json=False)
        return code_of_error(full)
    if hasattr(error, "format_message"):  # what typer raises for a command line it cannot read
        context = getattr(error, "ctx", None)
        command = getattr(context, "command_path", None) or "r2c"
        usage = context.get_usage() if context is not None else "r2c COMMAND"
        written = " ".join(usage.removeprefix("Usage:").split())
        problem = str(error.format_message()) or "No command was given."
        _tell(
            USAGE.fault(problem=problem, usage=f"it is written `{written}`", command=command),
            as_json,
        )
        return ExitCode.USAGE
    if isinstance(error, ModuleNotFoundError) and (extra := extra_of(error.name or "")):
        missing = NOT_INSTALLED(package=error.name, extra=extra)
        _tell(missing.fault, as_json)
        return code_of_error(missing)
    _tell(INTERNAL.fault(kind=type(error).__name__, text=str(error).rstrip(".")), as_json)
    return ExitCode.INTERNAL


def _tell(fault: Fault, as_json: bool) -> None:
    from r2c.cli.render.fault import show_fault
    from r2c.cli.streams import errors, write_json

    try:
        if as_json:
            write_json({"error": fault.model_dump(mode="json")})
    except BrokenPipeError:
        _close_output()
        return
    except OSError:  # no room; standard error tells it all the same
        _close_output()
    try:
        show_fault(errors(), fault)
    except BrokenPipeError:
        _close_output()


def _interrupted() -> int:
    sys.stderr.write("\ninterrupted\n")
    return ExitCode.INTERRUPTED


def _reader_gone() -> int:
    _close_output()
    return ExitCode.BROKEN_PIPE


def _output_fails() -> str:
    """Why standard output takes nothing more; empty if it does."""
    try:
        # What failed is no longer in its buffer; so one more blank line is tried.
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError as error:
        _close_output()
        return error.strerror or str(error)
    return ""


def _close_output() -> None:
    """Keep the interpreter from failing once more when it flushes at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
