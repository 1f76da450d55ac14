"""`docs/settings.md` from the fields of `r2c.settings.Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from places import NOTICE, ROOT
from r2c.settings import Settings

INTRO = """# Settings

Each is an environment variable, or a line in the TOML file that `R2C_CONFIG` names (there by its
plain name in lower case). The environment wins over the file, the file over the default.

| variable | default | meaning |
|---|---|---|"""


def render() -> dict[Path, str]:
    rows = [
        f"| `R2C_{name.upper()}` | {_default(field)} | {_meaning(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    text = "\n".join([NOTICE, "", INTRO, *rows]) + "\n"
    return {ROOT / "docs" / "settings.md": text}


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "by platform"
    return "unset" if field.default is None else f"`{field.default}`"


def _meaning(field: FieldInfo) -> str:
    told = " ".join((field.description or "").split()).replace("|", "\\|")
    if str(get_origin(field.annotation)) == "typing.Literal":
        choices = ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
        told += f" One of {choices}."
    return told
