"""The commands below `r2c bench rulebench`; only typer is imported for their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="rulebench",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Make problems of many rules with proved answers.",
)


@app.command(short_help="Write a suite of problems to a file.")
def make(
    out: Annotated[Path, typer.Argument(help="File of the problems, one JSON object a line.")],
    suite: Annotated[
        str, typer.Option(help="Name of the suite, from which all problems follow.")
    ] = "v2",
    each: Annotated[int, typer.Option(min=1, help="Problems of each level.")] = 60,
    level: Annotated[
        list[int] | None,
        typer.Option(min=1, max=5, help="Only this level; repeatable.", show_default=False),
    ] = None,
    for_training: Annotated[
        bool,
        typer.Option(
            "--for-training", help="In words and combinations of rules that no other suite has."
        ),
    ] = False,
) -> None:
    """Make the problems of a suite: another name gives other problems, the same name the same.

    The suite `v2` with 60 of each level is the one that results are told of. A sixth of the
    problems has no optimum. A suite to build with is made `--for-training`: it shares no sentence
    with the others. Progress goes to standard error, the hash of the suite to standard output.
    """
    from r2c.solve.process import SolverProcess
    from r2c_benchmarks.rulebench.optimum import Prover
    from r2c_benchmarks.rulebench.select import LEVELS
    from r2c_benchmarks.rulebench.suite import (
        DIGEST,
        NEWEST,
        OTHER_SUITE,
        PER_LEVEL,
        digest,
        places,
        problems,
    )

    wanted = list(places(each, tuple(level or LEVELS), suite))
    made: list[str] = []
    with SolverProcess() as process, out.open("w", encoding="utf-8") as file:
        for item in problems(suite, wanted, Prover(process), for_training):
            made.append(item.line())
            file.write(made[-1] + "\n")
            if len(made) % 10 == 0 or len(made) == len(wanted):
                typer.echo(f"{len(made)} of {len(wanted)} problems", err=True)
    found = digest(made)
    typer.echo(found)
    asked = (suite, each, level, for_training)
    if asked == (NEWEST, PER_LEVEL, None, False) and found != DIGEST:
        raise OTHER_SUITE(suite=NEWEST, found=found, wanted=DIGEST)


@app.command(short_help="Print one problem, its data and its rules.")
def show(
    seed: Annotated[str, typer.Argument(help="Any text.")],
    level: Annotated[int, typer.Option(min=1, max=5, help="How hard it is.")] = 2,
    kind: Annotated[
        str | None, typer.Option(help="A kind of trouble that it has.", show_default=False)
    ] = None,
) -> None:
    """Make a problem and print it as a reader gets it, then what it means."""
    from r2c.cir.text import write_text
    from r2c.solve.process import SolverProcess
    from r2c_benchmarks.rulebench.make import make
    from r2c_benchmarks.rulebench.optimum import Prover

    with SolverProcess() as process:
        made = make(seed, level, Prover(process), kind=kind)
    typer.echo(made.text.words)
    for name, content in made.text.files.items():
        typer.echo(f"--- {name}\n{content}")
    typer.echo(write_text(made.cir, provenance=False))
    answer = made.answer
    told = made.status if answer is None or answer.objective is None else f"{answer.objective:g}"
    typer.echo(f"answer: {told}")


@app.command(short_help="Look whether stories make good problems.")
def story(
    names: Annotated[
        list[str] | None, typer.Argument(help="Stories; all if none.", show_default=False)
    ] = None,
    each: Annotated[int, typer.Option(min=1, help="Problems of each level.")] = 6,
) -> None:
    """Make problems of a story and tell how often each of its rules matters, and every fault."""
    from r2c.solve.process import SolverProcess
    from r2c_benchmarks.rulebench.examine import examine
    from r2c_benchmarks.rulebench.optimum import Prover
    from r2c_benchmarks.rulebench.story import stories, story_of

    with SolverProcess() as process:
        for name in names or list(stories()):
            typer.echo(name)
            for line in examine(story_of(name), Prover(process), each).told():
                typer.echo(f"  {line}")
