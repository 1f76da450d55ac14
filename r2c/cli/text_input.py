"""The problem text from where the user put it: an argument, a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from r2c.cli.faults import NO_SUCH_FILE, NO_TEXT, NOT_UTF8, TOO_LARGE, TWO_TEXTS
from r2c.errors import InputError, declare

FOLDER = declare(
    "R2C-X114",
    InputError,
    what="{path!r} is a folder, not a problem text.",
    why="The problem is read from one file, or from the words themselves.",
    remedy="Give the file with the words; a folder of tables goes to --data.",
)
STDIN = "-"
LIMIT_MB = 50
_LONGEST_PATH = 1000
_BEGINNINGS = ("/", "./", "../", "~/")
"""How a path may begin and no problem does."""


def problem_text(argument: str | None, file: str | None) -> str:
    """The text of the problem.

    An argument that names a file is that file; any other of several words is the text itself.

    Raises:
        InputError: R2C-X102 to R2C-X105, R2C-X109, R2C-X114.
    """
    if argument is not None and file is not None:
        raise TWO_TEXTS()
    source = file if file is not None else argument
    if source is None:
        if sys.stdin.isatty():
            raise NO_TEXT()
        source = STDIN
    if source == STDIN or file is not None:
        return read_file(source, "problem text")
    return read_file(source, "problem text") if _names_a_file(source) else source


def read_file(source: str, role: str) -> str:
    """The words of a file, or of standard input for `-`.

    Args:
        source: A path, or `-`.
        role: What the file is for, for the message when it is not there.

    Raises:
        InputError: R2C-X102 (not there), R2C-X103 (not UTF-8), R2C-X109 (too large).
    """
    where = "Standard input" if source == STDIN else f"The file {source!r}"
    limit = LIMIT_MB * 1_000_000
    try:
        if source == STDIN:
            content = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(source).expanduser().open("rb") as stream:
                content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NO_SUCH_FILE(path=source, reason=reason, role=role, hint="") from None
    if len(content) > limit:
        raise TOO_LARGE(where=where, limit_mb=LIMIT_MB)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NOT_UTF8(where=where, position=error.start) from None


def _names_a_file(argument: str) -> bool:
    """Whether the argument is a path rather than the problem; what looks like a path must exist.

    Raises:
        InputError: R2C-X102 or R2C-X114, so that a misspelt path or a folder is not taken for a
            problem.
    """
    if not argument.strip() or len(argument) > _LONGEST_PATH or "\n" in argument:
        return False
    try:
        path = Path(argument).expanduser()
        if path.is_dir():
            raise FOLDER(path=argument)
        if path.exists():  # a pipe such as /dev/fd/63 too
            return True
    except (OSError, ValueError, RuntimeError):  # the home of nobody, say
        pass
    if len(argument.split()) == 1 or argument.startswith(_BEGINNINGS):
        hint = "; a text of one word needs --file -"
        raise NO_SUCH_FILE(path=argument, reason="No such file", role="problem text", hint=hint)
    return False
