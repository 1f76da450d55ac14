"""What a job remembers between steps: plain JSON, a few kilobytes, without the problem's tables."""

from __future__ import annotations

from typing import Annotated, TypedDict

from pydantic import JsonValue

Record = dict[str, JsonValue]


def joined(left: list[Record], right: list[Record]) -> list[Record]:
    """Reducer of lists that only grow."""
    return [*left, *right]


def each_once(left: list[str], right: list[str]) -> list[str]:
    """Reducer of names in the order in which they first came."""
    return list(dict.fromkeys((*left, *right)))


class State(TypedDict, total=False):
    """The state of one job.

    `roster` holds the decisions; `options[k]` the readings of clause k, best first; `goal` those
    of the objective; `picks` the chosen places; `looked_at` the diagnoses acted upon; `again` the
    clause to read once more, `reason` what speaks against its reading; `result` the formulation
    without its problem;
    `samples` the answers asked for each question and `reading` how the text is read, both fixed
    when the job begins, at the moment `began`; `models` the names of
    the models that were asked;
    `kept` the best roster, options, goal, picks and score of earlier rounds; `unread` the clauses
    that an answer to a question has changed, `settled` that nothing else is read again after one.
    """

    roster: list[Record]
    options: list[list[Record]]
    goal: list[Record]
    refused: list[list[str]]
    picks: list[int]
    score: list[float]
    kept: Record
    looked_at: list[str]
    again: int | None
    unread: list[int]
    settled: bool
    reason: str
    round: int
    samples: int
    reading: str
    began: str
    models: Annotated[list[str], each_once]
    usage: Record
    events: Annotated[list[Record], joined]
    result: Record
