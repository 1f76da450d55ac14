"""`docs/cli.md` from the commands as they are declared, so it is free of terminal widths."""

from __future__ import annotations

import inspect
from enum import EnumType
from pathlib import Path
from typing import Literal, get_args, get_origin

import typer.main

from places import NOTICE, ROOT
from r2c.cli import models
from r2c.cli.exit_codes import MEANINGS
from r2c.cli.main import app
from r2c_benchmarks.command import app as bench
from r2c_benchmarks.synth.command import synth
from r2c_inference.command import route, serve

INTRO = """# Command line

The result goes to standard output, progress and messages to standard error. With `--json` standard
output holds one JSON object: the answer, with at least `outcome`, `trust`, `objective`, `cir` and
`evidence`, or `error` with the code and the three sentences of the failure. An answer is printed
before it is written to the folder of `--out`: if that fails, standard error alone says so, with
the status. `R2C_DEBUG=1` adds the traceback of a failure; `NO_COLOR=1` leaves out the colours;
`COLUMNS` sets the width.

| exit status | meaning |
|---|---|
{statuses}
"""


def render() -> dict[Path, str]:
    if all(item.name != "bench" for item in app.registered_groups):
        # As an installed R2C has them.
        app.add_typer(bench, name="bench")
        app.command("synth")(synth)
    commands = models.app.registered_commands
    if all(command.name != "route" for command in commands):
        models.app.registered_commands = [each for each in commands if each.name != "serve"]
        models.app.command("serve")(serve)
        models.app.command("route")(route)
    statuses = "\n".join(f"| {code.value} | {told} |" for code, told in MEANINGS.items())
    intro = INTRO.format(statuses=statuses)
    parts = [NOTICE, "", intro, *_describe(typer.main.get_command(app), "r2c")]
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
    meaning = _cell(getattr(param, "help", None) or "")
    annotation = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if choices := _choices(annotation):
        meaning += " One of " + ", ".join(f"`{choice}`" for choice in choices) + "."
    default = getattr(param, "default", None)
    if getattr(param, "required", False):
        shown = "required"
    elif default is None or default == () or callable(default) or "UNSET" in repr(default).upper():
        shown = ""
    else:
        shown = f"`{_value(default)}`"
    return f"| {names} | {meaning.strip()} | {shown} |"


def _choices(annotation: object) -> list[object]:
    if isinstance(annotation, EnumType):
        return [member.value for member in annotation]  # type: ignore[var-annotated]
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for inner in get_args(annotation) for choice in _choices(inner)]


def _value(choice: object) -> object:
    return getattr(choice, "value", choice)


def _prose(text: str) -> str:
    return inspect.cleandoc(text.split("\f")[0]).strip()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
