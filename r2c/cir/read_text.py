"""Reads the text form of a CIR; see `r2c.cir.text`. Lines that begin with `#` are comments."""

from __future__ import annotations

import re

from pydantic import JsonValue

from r2c.cir.read_data import validated
from r2c.cir.schema import CIR, VERSION
from r2c.cir.text_heads import SECTIONS
from r2c.cir.text_records import BadLine, Lines, read_record
from r2c.cir.text_values import read_words
from r2c.errors import CIRError, declare

NOT_READABLE = declare(
    "R2C-C090", CIRError,
    what="Line {line} of the model text cannot be read: {problem}.",
    why="It stands there: {text!r}.",
    remedy="Write it as `r2c export --format text` does; sections stand at the margin, records "
    "two blanks in, their attributes four.",
)  # fmt: skip
NOT_A_MODEL = declare(
    "R2C-C095", CIRError,
    what="This is no model: it begins with {text!r}.",
    why="The text form of a model begins with `cir 1`, its JSON form with a brace.",
    remedy="Words of a problem are made into a model by `r2c formulate` (from Python by "
    "`r2c.formulate`); its option --json and `r2c export` save a model.",
)  # fmt: skip
TOO_LARGE = declare(
    "R2C-C093", CIRError,
    what="The model text has {size} characters; the limit is {limit}.",
    why="Larger texts are refused so that time and memory stay bounded.",
    remedy="Keep large data in tables (CSV, JSON or XLSX files) and refer to their columns.",
)  # fmt: skip

MAX_SIZE = 20_000_000
_VERSION = re.compile(r"cir (\d{1,9})")

_Record = dict[str, JsonValue]


def read_text(text: str) -> CIR:
    """The CIR that `write_text` wrote, or that a planner edited.

    Raises:
        CIRError: R2C-C090 with the line and what is wrong there; R2C-C095 if nothing in the text
            is of that form; else as `read_data`, R2C-C093 if it is too large.
    """
    if len(text) > MAX_SIZE:
        raise TOO_LARGE(size=len(text), limit=MAX_SIZE)
    data: _Record = {"version": VERSION}
    section = ""
    record: Lines | None = None
    found: dict[str, list[Lines]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        body = line.strip(" \t\r")
        if not body or body.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if depth == 0 and _top(body, number, data):
            continue
        if depth == 0 and body in SECTIONS:
            section = body
            found.setdefault(section, [])
        elif depth == 2 and section:
            record = Lines(body, number)
            found[section].append(record)
        elif depth == 4 and record is not None:
            record.below.append((number, body))
        elif not any(map(_at_margin, text.split("\n"))):
            raise NOT_A_MODEL(text=_cut(body))
        else:
            problem = "it stands neither at the margin, nor two or four blanks in, below a section"
            raise NOT_READABLE(line=number, problem=problem, text=_cut(line))
    for name, records in found.items():
        data[name] = [_guarded(record, name) for record in records]
    return validated(data)


def _at_margin(line: str) -> bool:
    """Whether a line is one of those that every model has at its margin."""
    body = line.rstrip(" \t\r")
    return body in SECTIONS or _VERSION.fullmatch(body) is not None


def _top(body: str, number: int, data: _Record) -> bool:
    if match := _VERSION.fullmatch(body):
        data["version"] = int(match[1])
        return True
    if body.startswith("title: "):
        try:
            data["title"] = read_words(body.removeprefix("title: "))
        except ValueError as error:
            raise NOT_READABLE(line=number, problem=str(error), text=_cut(body)) from None
        return True
    return False


def _guarded(record: Lines, section: str) -> _Record:
    try:
        return read_record(section, record)
    except BadLine as error:
        text = _cut(error.text)
        raise NOT_READABLE(line=error.number, problem=error.problem, text=text) from None


def _cut(text: str, limit: int = 160) -> str:
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return shown.encode("utf-8", "backslashreplace").decode()
