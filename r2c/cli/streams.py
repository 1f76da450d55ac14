"""Where output goes: the result to standard output, everything else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Mapping
from typing import IO

from pydantic import JsonValue
from rich.console import Console
from rich.text import Text

_KEPT = "\n\t"
_HIDDEN = {"Cc", "Cs", "Co"}
_REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


class _Page(Console):
    """A console that says when its reader is gone, instead of ending the process by itself."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def result() -> Console:
    """The console for the result."""
    return _console(sys.stdout)


def errors() -> Console:
    """The console for progress and messages."""
    return _console(sys.stderr)


def _console(file: IO[str]) -> Console:
    # A terminal that cannot show a sign gets a question mark rather than a failure.
    if hasattr(file, "reconfigure"):
        file.reconfigure(errors="replace")
    width = os.environ.get("COLUMNS", "")
    chosen = int(width) if width.isdecimal() and int(width) >= 20 else None
    return _Page(file=file, highlight=False, markup=False, emoji=False, width=chosen)


def told(show: Callable[[Console], None]) -> str:
    """What a page says, as plain text of 100 columns."""
    page = io.StringIO()
    show(Console(file=page, highlight=False, markup=False, emoji=False, width=100))
    return page.getvalue()


def write_json(value: Mapping[str, JsonValue]) -> None:
    """One JSON object to standard output, UTF-8 whatever the locale says."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(errors="replace"))
    sys.stdout.buffer.flush()


def plain(text: str, style: str = "") -> Text:
    """Foreign words for a terminal: signs that steer it, or that turn text around, are shown."""
    return Text(visible(text), style=style)


def visible(text: str) -> str:
    """The text with control characters replaced by a sign that shows there was one."""
    return "".join("\ufffd" if _steers(sign) else sign for sign in text)


def _steers(sign: str) -> bool:
    if sign in _KEPT:
        return False
    return sign in _REORDERING or unicodedata.category(sign) in _HIDDEN
