"""A CIR out of whatever holds one: the model itself, a mapping, its JSON or text form, a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from r2c.cir.read_data import read_data, read_json
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.errors import CIRError, Fault, InputError, declare

NO_FILE = declare(
    "R2C-V003", InputError,
    what="The model file {path!r} cannot be read: {reason}.",
    why="The model is needed before anything can be solved.",
    remedy="Name an existing file with the JSON or text form of a CIR, or pass the text itself.",
)  # fmt: skip

CIRSource = CIR | Mapping[str, object] | Path | str
"""A CIR, its JSON object, the path of a file with its JSON or text form, or either text."""


def read_cir(source: CIRSource) -> tuple[CIR | None, tuple[Fault, ...]]:
    """The CIR, or None and everything that keeps the source from being one.

    A text that begins with a brace or has several lines is the model; any other is a path.
    """
    if isinstance(source, CIR):
        return source, ()
    if not isinstance(source, str | Path):
        return read_data(source)
    if isinstance(source, Path) or not (_is_json(source) or "\n" in source.strip()):
        try:
            source = Path(source).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            shown = str(source) if len(str(source)) <= 200 else f"{str(source)[:200]}..."
            reason = getattr(error, "strerror", None) or str(error)
            return None, (NO_FILE.fault(path=shown, reason=reason),)
    source = source.removeprefix("\ufeff")
    if _is_json(source):
        return read_json(source)
    try:
        return read_text(source), ()
    except CIRError as error:
        return None, (error.fault,)


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "["))
