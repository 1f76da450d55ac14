"""Options that several commands share, so that they look and read the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print one JSON object and nothing else on standard output.",
    ),
]
Data = Annotated[
    list[str] | None,
    typer.Option(
        "--data",
        metavar="FILE",
        help="A table: CSV, TSV, JSON or XLSX file, or a folder of them. Repeat for more.",
    ),
]
ModelFile = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help="A CIR, or an answer saved with --json; `-` for standard input.",
    ),
]
