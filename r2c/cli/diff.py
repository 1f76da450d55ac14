"""`r2c diff`: what one model means that another does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from r2c.cli.options import Json, ModelFile

_TOLD = 8
"""Names that are written out."""

Second = Annotated[str, typer.Argument(metavar="OTHER", help="The model to compare it with.")]


def diff(model: ModelFile, other: Second, as_json: Json = False) -> None:
    """Tell the changes that lead from one model to another, a line each.

    Words, units, order, names of loops and grouping do not count. What is left is told as a change,
    also where it means the same in the end: a rule in other units, a goal negated. Data in tables
    are not compared, unless models that differ turn out to be one but for their names: then it is
    told which variable is which.
    """
    from dataclasses import asdict

    from r2c.cir.diff import diff as changes
    from r2c.cli.saved import read_saved
    from r2c.cli.streams import result, write_json
    from r2c.verdict.renamed import renamed

    one, two = read_saved(model), read_saved(other)
    found = changes(one.cir, two.cir)
    names = renamed(one.cir, two.cir, one.problem, two.problem) if found else None
    if as_json:
        write_json(
            {
                "same": not found,
                "changes": [asdict(change) for change in found],
                "renamed": None if names is None else {**names},
            }
        )
    elif found:
        lines = [*map(str, found), *([] if names is None else [_told(names)])]
        result().print("\n".join(lines), soft_wrap=True)
    else:
        result().print("The models mean the same.")


def _told(names: Mapping[str, str]) -> str:
    """That the models are one, and the names that differ."""
    others = [f"{one} is {other}" for one, other in names.items() if one != other]
    if not others:
        return "With their data they are one model all the same, in other words."
    more = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
    return f"But for names they are one model, with their data: {', '.join(others[:_TOLD])}{more}."
