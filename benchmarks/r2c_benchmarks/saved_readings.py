"""All readings of a problem as a run keeps them: a search among them can be made again later.

They hold what a model answered, no word of the problem; its text comes from the bench folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict

from r2c.agents.choose_dialect import dialect_of
from r2c.agents.parser import Option
from r2c.agents.roster import Choice
from r2c.agents.verifier import Readings
from r2c.formulation import Usage
from r2c.pipeline.shelf import shelf
from r2c.pipeline.state import State
from r2c.problem.schema import Problem
from r2c.settings import load_settings


class _Saved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SavedChoice(_Saved):
    """A decision; see `r2c.agents.roster.Choice`."""

    name: str
    meaning: str
    over: tuple[str, ...] = ()
    declared: str = ""


class SavedOption(_Saved):
    """A reading with its votes; see `r2c.agents.parser.Option`."""

    text: str
    votes: int
    score: float
    asked: int | None = None


class SavedRound(_Saved):
    """The readings that one search chose among, and what the calls up to there cost."""

    roster: tuple[SavedChoice, ...]
    options: tuple[tuple[SavedOption, ...], ...]
    goal: tuple[SavedOption, ...]
    usage: Usage


class SavedReadings(_Saved):
    """The readings before the first repair and those of the answer, which may be the same."""

    samples: int
    reading: Literal["guided", "stepwise", "written"] = "guided"
    first: SavedRound
    last: SavedRound


def saved_readings(states: Sequence[State], reading: str) -> SavedReadings | None:
    """What to keep of a job's states; None if it never came to a search.

    Args:
        states: the states of the job, in order.
        reading: the setting `reading`.
    """
    searched = [state for state in states if state.get("picks")]
    if not searched:
        return None
    return SavedReadings.model_validate(
        {
            "samples": searched[0]["samples"],
            "reading": reading,
            "first": _round(searched[0]),
            "last": _round(searched[-1]),
        }
    )


def _round(state: State) -> SavedRound:
    kept = {name: state.get(name) for name in ("roster", "options", "goal", "usage")}
    return SavedRound.model_validate(kept)


def readings_of(problem: Problem, kept: SavedReadings, saved: SavedRound) -> Readings | None:
    """The readings of a round as the Verifier wants them.

    None if the problem is now split in another way.
    """
    cards = partial(shelf, load_settings().cache_dir)
    dialect = dialect_of(problem, cards, kept.reading)
    if len(dialect.clauses) != len(saved.options):
        return None
    return Readings(
        dialect=dialect,
        roster=tuple(
            Choice(item.name, item.meaning, item.over, item.declared) for item in saved.roster
        ),
        options=tuple(tuple(map(_option, of)) for of in saved.options),
        goal=tuple(map(_option, saved.goal)),
        samples=kept.samples,
    )


def _option(saved: SavedOption) -> Option:
    return Option(saved.text, saved.votes, saved.score, saved.asked)
