"""`docs/cli.md` from the commands as they are declared, so it is free of terminal widths."""

from __future__ import annotations

import inspect
from pathlib import Path

import typer.main

from places import NOTICE, ROOT
from r2c.cli.main import app

INTRO = """# Command line

The result goes to standard output, progress and messages to standard error.
"""


def render() -> dict[Path, str]:
    parts = [NOTICE, "", INTRO, *_describe(typer.main.get_command(app), "r2c")]
    return {ROOT / "docs" / "cli.md": "\n".join(parts).rstrip() + "\n"}


# typer carries its own copy of click's classes, so commands are told apart by what they hold.
def _describe(command: object, path: str) -> list[str]:
    lines = [f"## `{path}`", ""]
    if told := getattr(command, "help", None):
        lines += [_prose(told), ""]
    params = [
        param for param in getattr(command, "params", []) if not getattr(param, "hidden", False)
    ]
    if params:
        lines += ["| argument or option | meaning | default |", "|---|---|---|"]
        lines += [_row(param) for param in params]
        lines.append("")
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        if not getattr(inner, "hidden", False):
            lines += _describe(inner, f"{path} {name}")
    return lines


def _row(param: object) -> str:
    opts = list(getattr(param, "opts", [])) + list(getattr(param, "secondary_opts", []))
    if getattr(param, "param_type_name", "") == "argument":
        opts = [str(getattr(param, "name", "")).upper()]
    names = ", ".join(f"`{opt}`" for opt in opts)
    choices = getattr(getattr(param, "type", None), "choices", ())
    meaning = _cell(getattr(param, "help", None) or "")
    if choices:
        meaning += " One of " + ", ".join(f"`{choice}`" for choice in map(_value, choices)) + "."
    default = getattr(param, "default", None)
    if getattr(param, "required", False):
        shown = "required"
    elif default is None or default == () or callable(default) or "UNSET" in repr(default).upper():
        shown = ""
    else:
        shown = f"`{_value(default)}`"
    return f"| {names} | {meaning.strip()} | {shown} |"


def _value(choice: object) -> object:
    return getattr(choice, "value", choice)


def _prose(text: str) -> str:
    return inspect.cleandoc(text.split("\f")[0]).strip()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
