"""`r2c whatif`: what would be different if a number, a rule or a decision were."""

from __future__ import annotations

from typing import Annotated

import typer

from r2c.cli.options import Data, Json, ModelFile

Changes = Annotated[
    list[str],
    typer.Argument(metavar="CHANGE...", help="What becomes different; quote each for the shell."),
]
Plot = Annotated[
    str | None,
    typer.Option(metavar="FILE.svg", help="Draw the goal over the values of a change."),
]


def whatif(
    model: ModelFile,
    changes: Changes,
    data: Data = None,
    json: Json = False,
    plot: Plot = None,
) -> None:
    """Solve a model as it is and with changes, and tell what becomes different.

    No language model is asked. A change is one of these:

    `capacity = 120` or `demand[Lyon] *= 1.1`: a parameter, or one of its values, becomes another;
    `+=`, `-=` and `/=` as well. A key `*` stands for all labels; without keys all values change.

    `sentence 4: 100 -> 120` or `rule r3: 120`: the number that a sentence (of a saved answer) or a
    rule states becomes another, and so does what the model made of it. `the limit in sentence 4
    becomes 120` is the number beside `<=`, `>=` or `==`. What may come from elsewhere is asked.

    `ship[A, Lyon] <= 10`: a relation over decisions has to hold as well.

    `without r3` or `without sentence 4`: a rule, or all rules of a sentence, are left out.

    Several changes hold together. One of them may take several values, as in
    `capacity = 80, 100, 120` or `capacity = 80..120 step 10`; then a table tells what each of them
    gives. The exit status is that of `r2c solve` for the changed model.
    """
    from r2c.cli.render.what_if import show_scenarios, show_what_if
    from r2c.cli.streams import errors, result, write_json
    from r2c.cli.supposing import status_of, supposing
    from r2c.verdict.scenarios import scenarios, split_series
    from r2c.verdict.what_if import what_if

    single, series = split_series(changes)
    if plot is not None and series is None:
        from r2c.cli.render.line_chart import NOTHING_TO_DRAW

        raise NOTHING_TO_DRAW(path=plot, problem="no change has several values")
    asked = supposing(model, data)
    if series is None:
        told = what_if(asked.cir, asked.problem, single, asked.limits, before=asked.before)
        if json:
            write_json(told.model_dump(mode="json"))
        else:
            show_what_if(result(), told)
        raise typer.Exit(status_of(told.after))
    table = scenarios(
        asked.cir, asked.problem, series, asked.limits, also=single, before=asked.before
    )
    if json:
        write_json(table.model_dump(mode="json"))
    else:
        show_scenarios(result(), table)
    if plot is not None:
        from r2c.cli.group import AfterAnswer
        from r2c.cli.render.line_chart import drawn

        try:
            errors().print(drawn(table, plot))
        except Exception as failure:
            raise AfterAnswer from failure
    faulty = [row for row in table.rows if row.faults and row.objective is None]
    if len(faulty) == len(table.rows):
        raise typer.Exit(status_of(faulty[0].standing()))
