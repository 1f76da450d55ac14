"""Commands that other installed packages add: entry points of the group `r2c.commands`.

A package that does not load costs only its own command.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from types import FunctionType

import typer

GROUP = "r2c.commands"


def mount(app: typer.Typer) -> None:
    """Add every installed command; each entry point names a `typer.Typer` or one command."""
    for entry in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        _add(app, entry)


def _add(app: typer.Typer, entry: EntryPoint) -> None:
    try:
        loaded = entry.load()
        if not isinstance(loaded, typer.Typer | FunctionType):
            raise TypeError(f"{entry.value} is no typer.Typer and no function")
    except Exception as error:  # whatever a foreign module raises
        _add_broken(app, entry, str(error) or type(error).__name__)
        return
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=entry.name)
    else:
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
