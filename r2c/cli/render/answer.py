"""A whole answer, in the order that README.md promises: model, plan, outcome, trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from r2c.cli.render.model import show_model
from r2c.cli.render.solution import show_solution
from r2c.cli.render.verdict import show_verdict
from r2c.cli.render.worth import show_broken, show_worth
from r2c.formulation import Formulation

if TYPE_CHECKING:
    from pydantic import JsonValue


def show_answer(console: Console, answer: Formulation) -> None:
    """Print everything a person wants to see of an answer."""
    if answer.cir is not None:
        from r2c.telling.written_model import write_model

        show_model(console, write_model(answer.cir, answer.problem), answer.choices)
        if answer.solution is not None:
            show_solution(console, answer.cir, answer.solution, answer.choices)
            show_broken(console, answer.cir, answer.solution)
            show_worth(console, answer.cir, answer.solution)
    show_verdict(console, answer)


def as_json(answer: Formulation) -> dict[str, JsonValue]:
    """The answer as one JSON object, which `Formulation.model_validate` reads back."""
    return answer.model_dump(mode="json")
