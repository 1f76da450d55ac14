"""Answers as they are typed, and the job that goes on with them."""

from __future__ import annotations

from collections.abc import Iterable

from r2c.cli.check_cards import check_cards
from r2c.cli.formulating import resumable
from r2c.cli.watch import watching
from r2c.errors import InputError, declare
from r2c.formulation import Formulation
from r2c.pipeline.answering import answer
from r2c.settings import load_settings

NOT_AN_ANSWER = declare(
    "R2C-X130",
    InputError,
    what="{text!r} is no answer.",
    why="An answer names its question: QUESTION=VALUE, such as `demand_Vienna=40`.",
    remedy="Write it so; quotation marks keep blanks together: `'width=2.5 m'`.",
)
ANSWERED_TWICE = declare(
    "R2C-X131",
    InputError,
    what="The question {id!r} is answered twice.",
    why="Only one answer can hold.",
    remedy="Leave one of them out.",
)


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """Answers by the ids of their questions.

    Raises:
        InputError: R2C-X130, R2C-X131.
    """
    found: dict[str, str] = {}
    for text in texts:
        id, sign, value = text.partition("=")
        if not sign or not id.strip() or not value.strip():
            raise NOT_AN_ANSWER(text=text[:80])
        if id.strip() in found:
            raise ANSWERED_TWICE(id=id.strip())
        found[id.strip()] = value.strip()
    return found


def answered(job: str, answers: dict[str, str], *, quiet: bool) -> Formulation:
    """The formulation of a job after some answers.

    Raises:
        InputError: the settings, the job's id or an answer.
        CardError: as `check_cards`.
        R2CError: as `r2c.pipeline.answering.answer`.
    """
    settings = load_settings()
    check_cards()
    with watching(quiet=quiet) as watch, resumable(watch) as listen:
        found = answer(job, answers, settings=settings, on_event=listen)
    return found
