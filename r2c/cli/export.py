"""`r2c export`: a model in the forms that other programs and papers take."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from r2c.cli.options import Data, Json, ModelFile


def export(
    model: ModelFile,
    format: Annotated[
        Literal["latex", "lp", "mps", "python", "cir", "text"],
        typer.Option(
            "--format",
            "-F",
            help="LaTeX that KaTeX takes; LP or MPS file; a Pyomo script that runs without R2C; "
            "the CIR as JSON or as readable text.",
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="A file; `-` for standard output.")
    ] = "-",
    data: Data = None,
    json: Json = False,
) -> None:
    """Write a model as LaTeX, LP, MPS, a standalone Pyomo script, or CIR.

    With --json the text is the field `text` of an object, beside `format`, `name` and `warning`.
    """
    import sys
    from pathlib import Path

    from r2c.cli.saved import read_saved
    from r2c.cli.streams import errors, write_json
    from r2c.cli.tables import problem_with
    from r2c.model.export.forms import EXPORTS, exported, refused

    saved = read_saved(model)
    problem = problem_with(saved, data)
    text = exported(format, saved.cir, problem)
    fault = refused(format, saved.cir, problem)
    if json:
        write_json(
            {
                "format": format,
                "name": EXPORTS[format][0],
                "text": text,
                "warning": None if fault is None else fault.model_dump(mode="json"),
            }
        )
        return
    if fault is not None:
        why = "R2C would not solve this model; the file is for other solvers."
        errors().print(f"warning {fault.code}: {fault.what}\n  why: {why}")
    if output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    from r2c.cli.keep import write_file

    errors().print(write_file(Path(output), text))
