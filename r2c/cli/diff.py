"""`r2c diff`: what one model means that another does not."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Json, ModelFile

Second = Annotated[str, typer.Argument(metavar="OTHER", help="The model to compare it with.")]


def diff(model: ModelFile, other: Second, as_json: Json = False) -> None:
    """Tell the changes that lead from one model to another, a line each.

    Words, order, names of loops and grouping do not count: models that mean the same have no
    difference. Data in tables are not compared.
    """
    from dataclasses import asdict

    from r2c.cir.diff import diff as changes
    from r2c.cli.saved import read_saved
    from r2c.cli.streams import result, write_json

    found = changes(read_saved(model).cir, read_saved(other).cir)
    if as_json:
        write_json({"same": not found, "changes": [asdict(change) for change in found]})
    elif found:
        result().print("\n".join(map(str, found)), soft_wrap=True)
    else:
        result().print("The models mean the same.")
