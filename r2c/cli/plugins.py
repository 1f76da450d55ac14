"""Commands that other installed packages add: entry points of `r2c.commands` and `r2c.models`.

A package that does not load costs only its own command. One of the name of a command that is there
takes its place, and does all that this did; if it does not load, the command stays as it was.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from types import FunctionType

import typer

ROOT = "r2c.commands"
MODELS = "r2c.models"
"""Commands below `r2c models`."""


def mount(app: typer.Typer, group: str) -> None:
    """Add every command of a group; each entry point names a `typer.Typer` or one command."""
    for entry in sorted(entry_points(group=group), key=lambda item: item.name):
        _add(app, entry)


def _add(app: typer.Typer, entry: EntryPoint) -> None:
    try:
        loaded = entry.load()
        if not isinstance(loaded, typer.Typer | FunctionType):
            raise TypeError(f"{entry.value} is no typer.Typer and no function")
    except Exception as error:  # whatever a foreign module raises
        if any(command.name == entry.name for command in app.registered_commands):
            return
        _add_broken(app, entry, str(error) or type(error).__name__)
        return
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=entry.name)
    else:
        here = app.registered_commands
        app.registered_commands = [command for command in here if command.name != entry.name]
        app.command(entry.name)(loaded)


def _add_broken(app: typer.Typer, entry: EntryPoint, reason: str) -> None:
    package = entry.dist.name if entry.dist is not None else entry.value

    @app.command(
        entry.name,
        help=f"Does not load; run it to see why ({package}).",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    def broken() -> None:
        from r2c.cli.faults import BROKEN_PLUGIN

        raise BROKEN_PLUGIN(name=entry.name, package=package, reason=reason.rstrip("."))
