"""`r2c answer`: answers to the questions of a job, which then goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Json


def answer(
    job: Annotated[
        str, typer.Argument(metavar="JOB", help="The job, as `r2c jobs list` names it.")
    ],
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUESTION=VALUE]...",
            help="A question by its id, and its answer: an option, a number, a number with its "
            "unit. Left out: only show the questions.",
        ),
    ] = None,
    json: Json = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress on standard error.")
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Also write the answer and its exports to this folder."),
    ] = None,
) -> None:
    """Answer what `r2c formulate` asked; the same job goes on with all that it has read.

    All answers are looked at before any is taken. A sentence is read again only if an answer puts
    a number into it. A question can be answered again; the earlier answer stays on record.
    """
    from r2c.cli.answering import answered, pairs
    from r2c.cli.finish import finish

    finish(answered(job, pairs(answers or []), quiet=quiet), as_json=json, out=out)
