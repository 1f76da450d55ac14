"""The end of every command that has an answer: show it, keep it, tell its outcome as a status."""

from __future__ import annotations

from typing import NoReturn

import typer

from r2c.cli.check_cards import check_cards
from r2c.cli.exit_codes import code_of_answer
from r2c.cli.group import AfterAnswer
from r2c.cli.render.answer import as_json as json_of
from r2c.cli.render.answer import show_answer
from r2c.cli.streams import errors, result, write_json
from r2c.formulation import Formulation


def finish(
    answer: Formulation, *, as_json: bool, out: str | None = None, given: bool = False
) -> NoReturn:
    """Print an answer, write it to the folder `out` if there is one, and end the command.

    `given` says that the model is input, so that a faulty one is wrong input.

    Raises:
        typer.Exit: always, with the status of the outcome.
        CardError: as `check_cards`, before anything is printed.
        AfterAnswer: from R2C-X110 if a file cannot be written; the answer was printed before.
    """
    if as_json:
        write_json(json_of(answer))
    else:
        check_cards(answer.cir)
        show_answer(result(), answer)
    if out is not None:
        from r2c.cli.keep import keep

        try:
            for note in keep(answer, out):
                errors().print(note)
        except BrokenPipeError:
            raise
        except Exception as failure:
            raise AfterAnswer from failure
    raise typer.Exit(code_of_answer(answer, given=given))
