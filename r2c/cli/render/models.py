"""Language models and their servers as text."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from r2c.cli.render.layout import paragraph
from r2c.cli.render.lines import show
from r2c.cli.streams import plain
from r2c.cli.weights import KnownModel, Served
from r2c.llm.embedded.server import Status


def show_models(console: Console, models: Sequence[KnownModel]) -> None:
    """Each model with what matters before using it."""
    for model in models:
        mark = Text("● ", "green") if model.chosen else Text("○ ", "dim")
        size = f", {model.megabytes} MB" if model.megabytes is not None else ""
        head = Text.assemble(mark, (model.name, "bold"), (f"  {model.kind}{size}", "dim"))
        show(console, head)
        state = "" if model.ready else "not fetched yet (r2c models fetch): "
        paragraph(console, f"{state}{model.where}")
        if model.licence:
            paragraph(console, f"Licence: {model.licence}")
            paragraph(console, model.provenance, style="dim")


def show_server(console: Console, server: Served) -> None:
    """How a client reaches the server."""
    show(console, plain(f"Serving {server.model} at {server.url} (process {server.pid})."))
    minutes = server.idle_seconds / 60
    paragraph(console, f"It stops after {minutes:.0f} minutes without use, or by: r2c models stop")
    show(console, plain("For R2C elsewhere on this machine, or any OpenAI client:"))
    console.print(plain(f"  export R2C_MODEL={server.url}#{server.model}"), soft_wrap=True)
    key = f'  export R2C_API_KEY="$(cat {shlex.quote(server.key_file)})"'
    console.print(plain(key), soft_wrap=True)


def show_status(console: Console, servers: Sequence[Status]) -> None:
    """One server a row."""
    if not servers:
        show(console, plain("No server is running; the next command that needs one starts it."))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for item in servers:
        if item.running is not None:
            table.add_row(
                plain(item.running.url, "bold"),
                plain(f"process {item.running.pid}"),
                plain(f"idle {item.idle_seconds:.0f} s"),
                plain(item.running.weights, "dim"),
            )
    show(console, table)
