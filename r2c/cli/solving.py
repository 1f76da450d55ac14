"""Solving a model that was read from a file, with the limits that the settings give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from r2c.cli.check_cards import check_cards
from r2c.cli.saved import Saved
from r2c.cli.tables import problem_with
from r2c.formulation import Formulation
from r2c.settings import load_settings
from r2c.solve.limits import Limits
from r2c.verdict.answer import solve


def answer_to(
    saved: Saved,
    data: list[str] | None,
    seconds: float | None = None,
    answers: Mapping[str, str] | None = None,
) -> Formulation:
    """The answer to a model.

    Args:
        saved: The model; the problem it came with gives words and tables unless `data` is given.
        data: Paths of tables.
        seconds: Wall time of the solve; the setting unless given.
        answers: To the questions of the model and its data.

    Raises:
        InputError: from the settings, the tables or the answers.
        CardError: as `check_cards`.
    """
    check_cards(saved.cir)
    limits = Limits.of(load_settings())
    if seconds is not None:
        limits = replace(limits, seconds=seconds)
    return solve(saved.cir, limits=limits, problem=problem_with(saved, data), answers=answers)
