"""A CIR out of whatever holds one: the model itself, a mapping, JSON text, or a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from r2c.cir.schema import CIR
from r2c.errors import CIRError, Fault, InputError, declare

NOT_A_CIR = declare(
    "R2C-V001", InputError,
    what="The model at {where!r} is not valid: {problem}.",
    why="A CIR is checked against a closed schema, so that nothing in it is silently ignored.",
    remedy="Correct the value at that place; the JSON Schema of a CIR lists what is allowed.",
)  # fmt: skip
NOT_JSON = declare(
    "R2C-V002", InputError,
    what="The model is not JSON (line {line}, column {column}): {problem}.",
    why="A CIR in a file or in a text is written as one JSON object.",
    remedy="Correct the JSON at that place.",
)  # fmt: skip
NO_FILE = declare(
    "R2C-V003", InputError,
    what="The model file {path!r} cannot be read: {reason}.",
    why="The model is needed before anything can be solved.",
    remedy="Name an existing JSON file, or pass the JSON text itself.",
)  # fmt: skip

CIRSource = CIR | Mapping[str, object] | Path | str
"""A CIR, its JSON object, the path of a JSON file, or JSON text."""


def read_cir(source: CIRSource) -> tuple[CIR | None, tuple[Fault, ...]]:
    """The CIR, or None and everything that keeps the source from being one.

    A text that begins with a brace is JSON; any other is the path of a file.
    """
    if isinstance(source, CIR):
        return source, ()
    if isinstance(source, Path) or (isinstance(source, str) and not _is_json(source)):
        try:
            source = Path(source).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            shown = str(source) if len(str(source)) <= 200 else f"{str(source)[:200]}..."
            reason = getattr(error, "strerror", None) or str(error)
            return None, (NO_FILE.fault(path=shown, reason=reason),)
    data: object = source
    if isinstance(source, str):
        try:
            data = json.loads(source)
        except json.JSONDecodeError as error:
            fault = NOT_JSON.fault(line=error.lineno, column=error.colno, problem=error.msg)
            return None, (fault,)
        except RecursionError:
            return None, (NOT_JSON.fault(line=1, column=1, problem="it is nested too deeply"),)
    try:
        return CIR.model_validate(data), ()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, tuple(_fault(item) for item in found)
    except CIRError as error:
        return None, (error.fault,)


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "["))


def _fault(item: Any) -> Fault:
    where = ".".join(str(part) for part in item["loc"]) or "the top"
    problem = str(item["msg"]).removeprefix("Value error, ").splitlines()[0]
    return NOT_A_CIR.fault(where=where, problem=problem.rstrip("."))
