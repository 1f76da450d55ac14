"""The command `r2c`: one file per command, heavy libraries loaded only by the command that runs."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli import (
    answer,
    cards,
    diff,
    doctor,
    explain,
    export,
    formulate,
    jobs,
    models,
    solve,
    whatif,
    whynot,
)
from r2c.cli.exit_codes import epilog
from r2c.cli.group import Root
from r2c.cli.interrupt import leave, listen
from r2c.cli.plugins import MODELS, ROOT, mount

app = typer.Typer(
    cls=Root,
    name="r2c",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=epilog(),
)


def _version(wanted: bool) -> None:
    if wanted:
        import r2c

        typer.echo(f"r2c {r2c.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Decision problems in words become optimization models that are solved and explained.

    The result goes to standard output, progress and messages to standard error.
    """


app.command(short_help="Words in; a solved, explained and judged model out.")(formulate.formulate)
app.command(short_help="Answer what a job asked; it goes on with what it has read.")(answer.answer)
app.command(short_help="Solve a model; no language model is needed.")(solve.solve)
app.command(short_help="Tell a model and its answer in plain words.")(explain.explain)
app.command(short_help="Tell what a change of the model would change in the plan.")(whatif.whatif)
app.command(short_help="Tell why the plan is not otherwise, and what it would cost.")(whynot.whynot)
app.command(short_help="Tell what is different between two models.")(diff.diff)
app.command(short_help="Write a model as LaTeX, LP, MPS, Python or CIR.")(export.export)
app.add_typer(cards.app, name="cards")
app.add_typer(jobs.app, name="jobs")
mount(models.app, MODELS)
app.add_typer(models.app, name="models")
app.command(short_help="What is installed, what is missing, what to do.")(doctor.doctor)
mount(app, ROOT)


def main() -> None:
    """Run the command line of this process."""
    listen()
    try:
        app()
    except SystemExit as ended:
        leave(ended.code)
        raise
