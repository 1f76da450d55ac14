"""`r2c whynot`: why the plan is not otherwise, and what it would cost."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Data, Json, ModelFile

Wish = Annotated[
    str,
    typer.Argument(metavar="WISH", help="A decision or a relation; quote it for the shell."),
]


def whynot(model: ModelFile, wish: Wish, data: Data = None, json: Json = False) -> None:
    """Force a wish on the plan and tell what it would cost, or what stands against it.

    No language model is asked. A wish is a relation over decisions, such as
    `ship[A, Lyon] >= 10`, or one decision: `open[B]` asks for yes (a counted one for at least 1),
    `not open[B]` for no. If no plan has what is wished, the sentences that stand against it are
    told and the exit status is that of an infeasible model.
    """
    from r2c.cli.render.what_if import show_why_not
    from r2c.cli.streams import result, write_json
    from r2c.cli.supposing import status_of, supposing
    from r2c.verdict.why_not import why_not

    asked = supposing(model, data)
    told = why_not(asked.cir, asked.problem, wish, asked.limits, before=asked.before)
    if json:
        write_json(told.model_dump(mode="json"))
    else:
        show_why_not(result(), told)
    raise typer.Exit(status_of(told.what_if.after))
