"""`r2c bench runtimes`. Only typer is imported here: the help page of `r2c` loads this module."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def runtimes(
    only: Annotated[
        list[str] | None,
        typer.Option(help="Take only servers with this in the name of their model; repeatable."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 5,
    tokens: Annotated[int, typer.Option(min=1, help="Most tokens of one answer.")] = 128,
    to: Annotated[Path, typer.Option(help="Folder of results.")] = Path("benchmarks/results"),
    note: Annotated[str, typer.Option(help="A sentence below the table.")] = "",
) -> None:
    """Measure tokens a second for 1 and 8 requests, and memory, and write runtimes.json.

    The servers are those of `r2c models status`: start what is to be compared before. Measure on an
    idle machine; the load is recorded. Progress goes to standard error.
    """
    from r2c.settings import load_settings
    from r2c_benchmarks.provenance import command_line, start_note
    from r2c_benchmarks.results import write_result
    from r2c_benchmarks.runtimes.bench import run
    from r2c_benchmarks.table import aligned

    result = run(
        load_settings().cache_dir,
        tuple(only or ()),
        repeats=repeats,
        tokens=tokens,
        start=start_note(command_line()),
        note=note,
        tell=lambda line: typer.echo(line, err=True),
    )
    typer.echo(aligned(result.summary))
    typer.echo(f"\n{result.note}")
    typer.echo(f"written: {write_result('runtimes', result.document(), to)}", err=True)
