"""`r2c solve`: a model in, a plan out; no language model is asked."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Data, Json, ModelFile


def solve(
    model: ModelFile,
    data: Data = None,
    json: Json = False,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.01, help="Wall time of the solve. Left out: R2C_SOLVE_SECONDS."),
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar="QUESTION=VALUE",
            help="An answer to a question about the model or its data. Repeat for more.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Also write the answer and its exports to this folder."),
    ] = None,
) -> None:
    """Solve a model (CIR) written by hand or kept from an earlier answer.

    No language model is involved. Tables that the model reads are given by --data. A model without
    an objective asks for any plan that keeps the rules; if there is one, the outcome is `optimal`
    and the objective `null`.
    """
    from r2c.cli.answering import pairs
    from r2c.cli.finish import finish
    from r2c.cli.saved import read_saved
    from r2c.cli.solving import answer_to

    answer = answer_to(read_saved(model), data, seconds, pairs(answers or []))
    finish(answer, as_json=json, out=out, given=True)
