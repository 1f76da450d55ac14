"""`r2c formulate`: words in, a solved and judged model out."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Data, Json


def formulate(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            help="The problem: a file, or the words themselves. Left out: standard input.",
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", "-f", metavar="FILE", help="A file, or `-` for standard input."),
    ] = None,
    data: Data = None,
    json: Json = False,
    samples: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help="Formulations sampled for the vote. Left out: R2C_SAMPLES."
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress on standard error.")
    ] = False,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="JOB",
            help="Go on with a job that was cut off, where it stopped; it has its text, its tables "
            "and its number of samples.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Also write the answer and its exports to this folder."),
    ] = None,
) -> None:
    """Turn a problem in words into a model, solve it and say how far to trust the answer.

    Prints each sentence with the rule and the equation it became, the plan, the outcome, the
    trust with its evidence, and what it cost. Needs a language model (see `r2c doctor`).
    """
    from r2c.cli.finish import finish
    from r2c.cli.formulating import formulated
    from r2c.cli.text_input import problem_text
    from r2c.pipeline.api import only_job

    if resume is not None:  # before anything is read: standard input may never end
        only_job(resume, text if text is not None else file, data or None, samples)
    words = None if resume is not None else problem_text(text, file)
    answer = formulated(words, data or None, samples=samples, quiet=quiet, job=resume)
    finish(answer, as_json=json, out=out)
